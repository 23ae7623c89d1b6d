//! Scans of the tables' indexes in the orders of lists.

use std::ops::ControlFlow;

use frontdesk_directory::{Cursor, OrderBy, SortField};
use rusqlite::{Connection, Row, params, types::Value};

/// A position between two entries of an order: directly after an entry with this key and id, whether
/// or not there is one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ScanPosition {
    key: Value,
    id: i64,
}

impl ScanPosition {
    /// Before the first entry in the direction of a scan.
    pub(super) fn first(order_by: OrderBy) -> Self {
        if order_by.descending {
            // SQLite sorts blobs after numbers and texts.
            let key = Value::Blob(Vec::new());
            return Self { key, id: i64::MAX };
        }
        let key = value(order_by.field, &[]);
        Self { key, id: 0 }
    }

    pub(super) fn after(field: SortField, cursor: &Cursor) -> Self {
        Self {
            key: value(field, &cursor.key),
            id: cursor.id.get().into(),
        }
    }

    /// After an id, in the order of ids.
    pub(super) fn after_id(id: i64) -> Self {
        let key = Value::Null;
        Self { key, id }
    }

    /// Before an entry, for an ascending scan.
    pub(super) fn before(field: SortField, key: &[u8], id: u32) -> Self {
        Self {
            key: value(field, key),
            id: i64::from(id) - 1,
        }
    }

    /// The position from which a scan starts with the entry that this position is after.
    pub(super) fn including(self, order_by: OrderBy) -> Self {
        let id = if order_by.descending {
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

/// A key as the table stores it.
fn value(field: SortField, key: &[u8]) -> Value {
    match field {
        SortField::Name | SortField::Email => {
            Value::Text(String::from_utf8_lossy(key).into_owned())
        }
        SortField::UpdateTime => {
            // The empty key sorts before all others.
            let number = key.try_into().map_or(i64::MIN, i64::from_be_bytes);
            Value::Integer(number)
        }
        SortField::Id => Value::Null,
    }
}

/// Reads up to `limit` entries after a position, and passes each to `read` until that breaks.
///
/// Two statements: first the entries with the same key, then the others. `SQLite` seeks to a key and
/// an id only if the key is compared for equality, and a million users can have one name.
pub(super) fn scan(
    db: &Connection,
    order_by: OrderBy,
    from: &ScanPosition,
    limit: usize,
    mut read: impl FnMut(ScanPosition) -> ControlFlow<()>,
) -> rusqlite::Result<()> {
    let mut remaining = i64::try_from(limit).unwrap_or(i64::MAX);
    for sql in statements(order_by) {
        let mut statement = db.prepare_cached(sql)?;
        let mut rows = statement.query(params![from.key, from.id, remaining])?;
        while let Some(row) = rows.next()? {
            remaining -= 1;
            if read(ScanPosition::from_row(row)?).is_break() {
                return Ok(());
            }
        }
        if remaining == 0 {
            break;
        }
    }
    Ok(())
}

/// The entry that follows `skip` others after a position, ascending.
pub(super) fn nth_entry(
    db: &Connection,
    field: SortField,
    from: &ScanPosition,
    skip: u32,
) -> rusqlite::Result<Option<ScanPosition>> {
    let ascending = OrderBy {
        field,
        descending: false,
    };
    let mut remaining = skip;
    let mut found = None;
    scan(db, ascending, from, skip as usize + 1, |entry| {
        if remaining == 0 {
            found = Some(entry);
            return ControlFlow::Break(());
        }
        remaining -= 1;
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

/// The statements for the rest of a key, and for the keys after it.
fn statements(order_by: OrderBy) -> &'static [&'static str] {
    macro_rules! key {
        ($key:literal, $comparison:literal, $direction:literal) => {
            &[
                concat!(
                    "SELECT ",
                    $key,
                    ", id FROM users WHERE ",
                    $key,
                    " = ?1 AND id ",
                    $comparison,
                    " ?2 ORDER BY id",
                    $direction,
                    " LIMIT ?3"
                ),
                concat!(
                    "SELECT ",
                    $key,
                    ", id FROM users WHERE ",
                    $key,
                    " ",
                    $comparison,
                    " ?1 AND ?2 IS NOT NULL ORDER BY ",
                    $key,
                    $direction,
                    ", id",
                    $direction,
                    " LIMIT ?3"
                ),
            ]
        };
    }
    match (order_by.field, order_by.descending) {
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
