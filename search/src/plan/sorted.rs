//! Plans for lists that are sorted by a field.

use frontdesk_directory::{ListRange, OrderBy, SortField};
use roaring::RoaringBitmap;

use super::list_plan::{FIRST_BATCH, Plan, Start, TableScan};
use crate::{
    id_filter::IdFilter,
    id_scan::{IdScan, index_id, nth_id},
    index::Snapshot,
    sort::sort_entries,
};

/// Up to this number, names are sorted in memory; beyond, the table of names is scanned.
const MAX_SORTED_NAMES: u64 = 65_536;
/// Up to this number, users are always looked up and sorted.
const MAX_SORTED_ROWS: u64 = 2_048;
/// Up to this number, users are looked up and sorted if a scan would find them too rarely: users
/// that match alike often sort alike, too, and can all be at the end of the table.
const MAX_SPARSE_ROWS: u64 = 16_384;
/// The number of entries of a table that are probed to find out.
const PROBED_ENTRIES: usize = 16_384;

/// Plans a list of the users that pass a filter.
pub(super) fn sorted(
    order_by: OrderBy,
    filter: IdFilter,
    range: &ListRange,
    snapshot: &Snapshot,
) -> Plan {
    let total = filter.count(snapshot.user_count());
    match filter {
        IdFilter::Only(ids) if order_by.field == SortField::Id => {
            let ids = by_id(ids, order_by.descending, range);
            Plan::LookUp { total, ids }
        }
        IdFilter::Only(ids) if order_by.field == SortField::Name && total <= MAX_SORTED_NAMES => {
            let mut entries = Vec::new();
            let texts = snapshot.texts();
            texts.for_each(&ids, |id, name, _| entries.push((name.into(), id)));
            let sorted = sort_entries(entries, order_by.descending, range);
            Plan::LookUp {
                total: sorted.total,
                ids: sorted.ids,
            }
        }
        IdFilter::Only(ids) if total <= MAX_SORTED_ROWS => Plan::Sort(ids),
        IdFilter::Only(ids) if total <= MAX_SPARSE_ROWS => Plan::ScanOrSort {
            scan: TableScan {
                total,
                order_by,
                start: filtered_start(range),
                filter: IdFilter::Only(ids.clone()),
            },
            ids,
            wanted: match range {
                ListRange::All => FIRST_BATCH as u64,
                ListRange::Page(page) => page.offset() + u64::from(page.size()),
                ListRange::After(_, size) => u64::from(*size),
            },
            probed: PROBED_ENTRIES,
        },
        filter => {
            let start = match (&filter, range) {
                (IdFilter::All, ListRange::Page(page)) => {
                    nth_start(order_by, page.offset(), total, snapshot)
                }
                _ => Some(filtered_start(range)),
            };
            start.map_or(
                Plan::LookUp {
                    total,
                    ids: IdScan::empty(),
                },
                |start| {
                    Plan::Scan(TableScan {
                        total,
                        order_by,
                        filter,
                        start,
                    })
                },
            )
        }
    }
}

fn by_id(ids: RoaringBitmap, descending: bool, range: &ListRange) -> IdScan {
    let next = match range {
        ListRange::All if descending => Some(u32::MAX),
        ListRange::All => Some(0),
        ListRange::Page(page) if descending => {
            let before = ids.len().checked_sub(page.offset() + 1);
            before.and_then(|before| nth_id(&ids, before))
        }
        ListRange::Page(page) => nth_id(&ids, page.offset()),
        ListRange::After(cursor, _) if descending => index_id(cursor.id).checked_sub(1),
        ListRange::After(cursor, _) => index_id(cursor.id).checked_add(1),
    };
    IdScan::ById {
        ids,
        descending,
        next,
    }
}

/// The start of a scan when it is unknown how many users pass before an entry.
fn filtered_start(range: &ListRange) -> Start {
    match range {
        ListRange::All => Start::First { skip: 0 },
        ListRange::Page(page) => Start::First {
            skip: page.offset(),
        },
        ListRange::After(cursor, _) => Start::After(cursor.clone()),
    }
}

/// The start of a scan that every user passes; `None` if there are no more than `offset` users.
fn nth_start(order_by: OrderBy, offset: u64, total: u64, snapshot: &Snapshot) -> Option<Start> {
    let after = total.checked_sub(offset + 1)?;
    let before = if order_by.descending { after } else { offset };
    if order_by.field == SortField::Id {
        return Some(Start::NthId(before));
    }
    let position = snapshot.seek(order_by.field, before)?;
    Some(Start::Entry {
        key: position.key.to_vec(),
        id: position.id,
        skip: position.skip,
    })
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use frontdesk_directory::{Page, Revision};

    use super::*;
    use crate::IndexBuilder;

    const USERS: u32 = 70_000;

    fn snapshot() -> Snapshot {
        let mut builder = IndexBuilder::default();
        for id in 1..=USERS {
            let key = id.to_be_bytes();
            for field in [SortField::Name, SortField::Email, SortField::UpdateTime] {
                builder.append(field, &key, id);
            }
            builder.set_texts(id, "ada", "a@x");
        }
        builder.build(Revision(1)).snapshot()
    }

    fn page(number: u32) -> ListRange {
        let number = NonZeroU32::new(number).expect("a page number");
        ListRange::Page(Page::new(number, 100))
    }

    fn order(text: &str) -> OrderBy {
        OrderBy::parse(text).ok().flatten().expect("an order")
    }

    #[test]
    fn the_more_users_pass_the_less_is_sorted_in_memory() {
        let snapshot = snapshot();
        let plan = |order_by, users| {
            let filter = IdFilter::Only((1..=users).collect());
            sorted(order(order_by), filter, &page(2), &snapshot)
        };
        for order_by in ["email", "email desc", "update_time"] {
            assert!(matches!(plan(order_by, 2_048), Plan::Sort(ids) if ids.len() == 2_048));
            for users in [2_049, 16_384] {
                let Plan::ScanOrSort { scan, wanted, .. } = plan(order_by, users) else {
                    panic!("{users} users");
                };
                assert_eq!((scan.total, wanted), (users.into(), 200));
                assert_eq!(scan.start, Start::First { skip: 100 });
            }
            let Plan::Scan(scan) = plan(order_by, 16_385) else {
                panic!("many users");
            };
            assert_eq!(scan.start, Start::First { skip: 100 });
        }
        assert!(matches!(
            plan("name", 65_536),
            Plan::LookUp { total: 65_536, .. }
        ));
        assert!(matches!(plan("name", 65_537), Plan::Scan(_)));
        assert!(matches!(plan("id desc", USERS), Plan::LookUp { .. }));
    }

    #[test]
    fn a_page_of_all_users_is_found_by_counting() {
        let snapshot = snapshot();
        for (order_by, expected) in [("name", 50_000), ("name desc", USERS - 50_000 - 1)] {
            let plan = sorted(order(order_by), IdFilter::All, &page(501), &snapshot);
            let Plan::Scan(scan) = plan else {
                panic!("{plan:?}");
            };
            let Start::Entry { key, id, skip } = scan.start else {
                panic!("{:?}", scan.start);
            };
            // Ids and keys are dense, except that the first run starts with the empty key.
            assert_eq!(key, id.to_be_bytes());
            assert_eq!(id - 1 + skip, expected, "{order_by}");
            assert!(skip < 2_048);
        }
        let plan = sorted(order("id desc"), IdFilter::All, &page(1), &snapshot);
        let Plan::Scan(scan) = plan else {
            panic!("{plan:?}");
        };
        assert_eq!(scan.start, Start::NthId(u64::from(USERS) - 1));
    }

    #[test]
    fn a_page_after_the_last_one_is_empty() {
        let snapshot = snapshot();
        for order_by in ["name", "email desc", "id desc", "update_time"] {
            let plan = sorted(order(order_by), IdFilter::All, &page(701), &snapshot);
            let Plan::LookUp { total, mut ids } = plan else {
                panic!("{plan:?}");
            };
            assert_eq!((total, ids.next()), (USERS.into(), None));
        }
    }
}
