//! Lists that are sorted in memory.

use frontdesk_directory::ListRange;

use crate::id_scan::{IdScan, index_id};

/// A list that was sorted in memory.
#[derive(Clone, Debug)]
pub struct SortedIds {
    /// The number of users on the whole list.
    pub total: u64,
    /// The ids from the start of the requested range to the end of the list.
    pub ids: IdScan,
}

/// Sorts a list of keys and ids, and skips to the requested range. Keys are those of a
/// [`Cursor`](frontdesk_directory::Cursor).
#[must_use]
pub fn sort_entries(
    mut entries: Vec<(Vec<u8>, u32)>,
    descending: bool,
    range: &ListRange,
) -> SortedIds {
    entries.sort_unstable();
    if descending {
        entries.reverse();
    }
    let skip = match range {
        ListRange::All => 0,
        ListRange::Page(page) => usize::try_from(page.offset()).unwrap_or(usize::MAX),
        ListRange::After(cursor, _) => {
            let last = (cursor.key.clone(), index_id(cursor.id));
            entries.partition_point(|entry| *entry == last || (*entry < last) != descending)
        }
    };
    let total = entries.len() as u64;
    let ids: Vec<_> = entries.into_iter().skip(skip).map(|(_, id)| id).collect();
    SortedIds {
        total,
        ids: IdScan::Listed(ids.into_iter()),
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_directory::{Cursor, UserId};

    use super::*;

    #[test]
    fn a_list_continues_after_its_cursor_even_if_that_user_was_deleted() {
        let entries = || vec![(b"b".to_vec(), 1), (b"a".to_vec(), 3), (b"b".to_vec(), 4)];
        let after = |key: &[u8], id, descending| {
            let (key, id) = (key.to_vec(), UserId::new(id).expect("an id"));
            let range = ListRange::After(Cursor { key, id }, 10);
            let sorted = sort_entries(entries(), descending, &range);
            assert_eq!(sorted.total, 3);
            sorted.ids.collect::<Vec<_>>()
        };
        assert_eq!(after(b"a", 3, false), [1, 4]);
        assert_eq!(after(b"b", 1, false), [4]);
        assert_eq!(after(b"b", 2, false), [4]);
        assert_eq!(after(b"b", 1, true), [3]);
        assert_eq!(after(b"b", 2, true), [1, 3]);
        assert_eq!(after(b"c", 1, true), [4, 1, 3]);
    }
}
