//! Order statistics, compared with a table that is counted entry by entry.

use std::collections::BTreeSet;

use frontdesk_search::OrderStatistics;
use proptest::{collection::vec, prelude::*};

type Table = BTreeSet<(Vec<u8>, u32)>;

#[derive(Clone, Debug)]
enum Change {
    Insert(Vec<u8>, u32),
    /// Inserts many adjacent entries, as an import does.
    InsertMany(Vec<u8>, u32),
    Remove(usize),
    /// Removes many adjacent entries.
    RemoveMany(usize, usize),
}

fn key() -> impl Strategy<Value = Vec<u8>> {
    vec(
        prop_oneof![Just(b'a'), Just(b'b'), Just(0), Just(255)],
        0..4,
    )
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (key(), 0..3000_u32).prop_map(|(key, id)| Change::Insert(key, id)),
        2 => (key(), 1..3000_u32).prop_map(|(key, ids)| Change::InsertMany(key, ids)),
        2 => any::<usize>().prop_map(Change::Remove),
        2 => (any::<usize>(), 1..3000_usize).prop_map(|(at, limit)| Change::RemoveMany(at, limit)),
    ]
}

fn add(table: &mut Table, order: &mut OrderStatistics, key: &[u8], id: u32) {
    if table.insert((key.to_vec(), id)) {
        order.insert(key, id);
    }
}

fn apply(table: &mut Table, order: &mut OrderStatistics, change: Change) {
    match change {
        Change::Insert(key, id) => add(table, order, &key, id),
        Change::InsertMany(key, ids) => (0..ids).for_each(|id| add(table, order, &key, id)),
        Change::Remove(at) => apply(table, order, Change::RemoveMany(at, 1)),
        Change::RemoveMany(at, limit) => {
            let at = at % table.len().max(1);
            let removed: Vec<_> = table.iter().skip(at).take(limit).cloned().collect();
            for entry in removed {
                order.remove(&entry.0, entry.1);
                table.remove(&entry);
            }
        }
    }
}

/// What a store does after each commit.
fn split(table: &Table, order: &mut OrderStatistics) {
    while let Some(run) = order.oversized_run() {
        let start = (run.start.0.to_vec(), run.start.1);
        let entries = table.range(start..);
        let entries: Vec<_> = match run.end {
            Some(end) => entries
                .take_while(|(key, id)| (&key[..], *id) < end)
                .collect(),
            None => entries.collect(),
        };
        assert_eq!(entries.len(), run.count as usize, "the run's count");
        let (key, id) = entries[entries.len() / 2];
        let left = run.count / 2;
        assert!(order.split(key, *id, left), "an oversized run has a middle");
    }
}

fn check(table: &Table, order: &OrderStatistics) {
    let entries: Vec<_> = table.iter().collect();
    assert_eq!(order.len(), entries.len() as u64);
    assert_eq!(order.is_empty(), entries.is_empty());
    for skip in (0..entries.len())
        .step_by(97)
        .chain(entries.len().checked_sub(1))
    {
        let position = order.seek(skip as u64).expect("an entry");
        let start =
            entries.partition_point(|(key, id)| (&key[..], *id) < (position.key, position.id));
        assert_eq!(start + position.skip as usize, skip);
        assert!(position.skip < 2048, "{}", position.skip);
    }
    assert_eq!(order.seek(entries.len() as u64), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn each_entry_is_found_by_its_offset(changes in vec(change(), 0..25)) {
        let (mut table, mut order) = (Table::new(), OrderStatistics::new());
        for change in changes {
            apply(&mut table, &mut order, change);
            split(&table, &mut order);
            check(&table, &order);
        }
        check(&table, &OrderStatistics::load(table.iter().map(|(key, id)| (key, *id))));
    }

    #[test]
    fn statistics_are_correct_before_oversized_runs_are_split(changes in vec(change(), 0..25)) {
        let (mut table, mut order) = (Table::new(), OrderStatistics::new());
        for change in changes {
            apply(&mut table, &mut order, change);
        }
        assert_eq!(order.len(), table.len() as u64);
        split(&table, &mut order);
        check(&table, &order);
    }
}
