//! The orders that lists are read in: walks along an index.

use std::ops::ControlFlow;

use rusqlite::{Connection, Row, params, types::Value};

use frontdesk_directory::{Cursor, OrderBy, SortField};

/// A place between two entries of an order: behind one that has this key and id, or would have.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mark {
    key: Value,
    id: i64,
}

impl Mark {
    /// Before all that is to be read.
    pub(super) fn beginning(sorting: OrderBy) -> Self {
        if sorting.descending {
            // In SQLite bytes are behind numbers and texts.
            let key = Value::Blob(Vec::new());
            return Self { key, id: i64::MAX };
        }
        let key = value(sorting.field, &[]);
        Self { key, id: 0 }
    }

    /// Behind an entry.
    pub(super) fn behind(by: SortField, position: &Cursor) -> Self {
        Self {
            key: value(by, &position.key),
            id: position.id.get().into(),
        }
    }

    /// Behind an id, in their own order.
    pub(super) fn behind_id(id: i64) -> Self {
        let key = Value::Null;
        Self { key, id }
    }

    /// Before an entry, and all that begin with it.
    pub(super) fn before(by: SortField, (key, id): (&[u8], u32)) -> Self {
        Self {
            key: value(by, key),
            id: i64::from(id) - 1,
        }
    }

    /// Where a walk the other way, or this way, begins with the entry that this mark is behind.
    pub(super) fn including(self, sorting: OrderBy) -> Self {
        let id = if sorting.descending {
            self.id.saturating_add(1)
        } else {
            self.id - 1
        };
        Self { id, ..self }
    }

    pub(super) fn id(&self) -> u32 {
        u32::try_from(self.id).unwrap_or(0)
    }

    /// The key as bytes that sort as the order does.
    pub(super) fn key(&self) -> Vec<u8> {
        match &self.key {
            Value::Text(text) => text.as_bytes().to_vec(),
            Value::Integer(number) => number.to_be_bytes().to_vec(),
            Value::Null | Value::Real(_) | Value::Blob(_) => Vec::new(),
        }
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: row.get(0)?,
            id: row.get(1)?,
        })
    }
}

/// A key that is bytes in memory, as it is in the table.
fn value(by: SortField, key: &[u8]) -> Value {
    match by {
        SortField::Name | SortField::Email => {
            Value::Text(String::from_utf8_lossy(key).into_owned())
        }
        SortField::UpdateTime => {
            // The empty key is before all others.
            let number = key.try_into().map_or(i64::MIN, i64::from_be_bytes);
            Value::Integer(number)
        }
        SortField::Id => Value::Null,
    }
}

/// Walks along at most so many entries behind `from`, and gives each to `take` until that breaks.
///
/// Those that have the same key as `from`, and then the others: `SQLite` enters an index by a key and
/// an id only where the key is said to be equal, and a million people may have one name.
pub(super) fn walk(
    db: &Connection,
    sorting: OrderBy,
    from: &Mark,
    most: usize,
    mut take: impl FnMut(Mark) -> ControlFlow<()>,
) -> rusqlite::Result<()> {
    let mut left = i64::try_from(most).unwrap_or(i64::MAX);
    for sql in statements(sorting) {
        let mut entries = db.prepare_cached(sql)?;
        let mut rows = entries.query(params![from.key, from.id, left])?;
        while let Some(row) = rows.next()? {
            left -= 1;
            if take(Mark::from_row(row)?).is_break() {
                return Ok(());
            }
        }
        if left == 0 {
            break;
        }
    }
    Ok(())
}

/// The entry with so many others before it behind `from`.
pub(super) fn nth(
    db: &Connection,
    by: SortField,
    from: &Mark,
    before: u32,
) -> rusqlite::Result<Option<Mark>> {
    let ascending = OrderBy {
        field: by,
        descending: false,
    };
    let mut left = before;
    let mut found = None;
    walk(db, ascending, from, before as usize + 1, |entry| {
        if left == 0 {
            found = Some(entry);
            return ControlFlow::Break(());
        }
        left -= 1;
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

/// The rest of a key, and then the keys behind it.
fn statements(sorting: OrderBy) -> &'static [&'static str] {
    macro_rules! key {
        ($key:literal, $before:literal, $way:literal) => {
            &[
                concat!(
                    "SELECT ",
                    $key,
                    ", id FROM users WHERE ",
                    $key,
                    " = ?1 AND id ",
                    $before,
                    " ?2 ORDER BY id",
                    $way,
                    " LIMIT ?3"
                ),
                concat!(
                    "SELECT ",
                    $key,
                    ", id FROM users WHERE ",
                    $key,
                    " ",
                    $before,
                    " ?1 AND ?2 IS NOT NULL ORDER BY ",
                    $key,
                    $way,
                    ", id",
                    $way,
                    " LIMIT ?3"
                ),
            ]
        };
    }
    match (sorting.field, sorting.descending) {
        (SortField::Id, false) => &["SELECT ?1, id FROM users WHERE id > ?2 ORDER BY id LIMIT ?3"],
        (SortField::Id, true) => {
            &["SELECT ?1, id FROM users WHERE id < ?2 ORDER BY id DESC LIMIT ?3"]
        }
        (SortField::Name, false) => key!("name_key", ">", ""),
        (SortField::Name, true) => key!("name_key", "<", " DESC"),
        (SortField::Email, false) => key!("email_key", ">", ""),
        (SortField::Email, true) => key!("email_key", "<", " DESC"),
        (SortField::UpdateTime, false) => key!("revision", ">", ""),
        (SortField::UpdateTime, true) => key!("revision", "<", " DESC"),
    }
}
