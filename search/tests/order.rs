//! The counts of an order are those of a table that is gone through entry by entry.

use std::collections::BTreeSet;

use frontdesk_search::Order;
use proptest::{collection::vec, prelude::*};

type Table = BTreeSet<(Vec<u8>, u32)>;

#[derive(Clone, Debug)]
enum Change {
    Added(Vec<u8>, u32),
    /// Many entries side by side, as an import makes them.
    Many(Vec<u8>, u32),
    Removed(usize),
    /// Many entries side by side, as nobody takes them away at once.
    Fewer(usize, usize),
}

fn key() -> impl Strategy<Value = Vec<u8>> {
    vec(
        prop_oneof![Just(b'a'), Just(b'b'), Just(0), Just(255)],
        0..4,
    )
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (key(), 0..3000_u32).prop_map(|(key, id)| Change::Added(key, id)),
        2 => (key(), 1..3000_u32).prop_map(|(key, ids)| Change::Many(key, ids)),
        2 => any::<usize>().prop_map(Change::Removed),
        2 => (any::<usize>(), 1..3000_usize).prop_map(|(at, most)| Change::Fewer(at, most)),
    ]
}

fn add(table: &mut Table, order: &mut Order, key: &[u8], id: u32) {
    if table.insert((key.to_vec(), id)) {
        order.added(key, id);
    }
}

fn apply(table: &mut Table, order: &mut Order, change: Change) {
    match change {
        Change::Added(key, id) => add(table, order, &key, id),
        Change::Many(key, ids) => (0..ids).for_each(|id| add(table, order, &key, id)),
        Change::Removed(at) => apply(table, order, Change::Fewer(at, 1)),
        Change::Fewer(at, most) => {
            let at = at % table.len().max(1);
            let gone: Vec<_> = table.iter().skip(at).take(most).cloned().collect();
            for entry in gone {
                order.removed(&entry.0, entry.1);
                table.remove(&entry);
            }
        }
    }
}

/// What the owner of the table does after each commit.
fn split(table: &Table, order: &mut Order) {
    while let Some(wide) = order.wants_split() {
        let from = (wide.from.0.to_vec(), wide.from.1);
        let run = table.range(from..);
        let run: Vec<_> = match wide.to {
            Some((key, id)) => run.take_while(|(k, i)| (&k[..], *i) < (key, id)).collect(),
            None => run.collect(),
        };
        assert_eq!(run.len(), wide.count as usize, "the run's count");
        let (key, id) = run[run.len() / 2];
        assert!(
            order.split(key, *id, wide.count / 2),
            "a run of many has a middle"
        );
    }
}

fn check(table: &Table, order: &Order) {
    let entries: Vec<_> = table.iter().collect();
    assert_eq!(order.len(), entries.len() as u64);
    assert_eq!(order.is_empty(), entries.is_empty());
    for skip in (0..entries.len())
        .step_by(97)
        .chain(entries.len().checked_sub(1))
    {
        let place = order.seek(skip as u64).expect("an entry");
        let begin = entries.partition_point(|(key, id)| (&key[..], *id) < (place.key, place.id));
        assert_eq!(begin + place.rest as usize, skip);
        assert!(place.rest < 2048, "{}", place.rest);
    }
    assert_eq!(order.seek(entries.len() as u64), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn each_entry_is_found_by_how_many_are_before_it(changes in vec(change(), 0..25)) {
        let (mut table, mut order) = (Table::new(), Order::new());
        for change in changes {
            apply(&mut table, &mut order, change);
            split(&table, &mut order);
            check(&table, &order);
        }
        check(&table, &Order::load(table.iter().map(|(key, id)| (key, *id))));
    }

    #[test]
    fn an_order_that_is_split_late_is_right_before_too(changes in vec(change(), 0..25)) {
        let (mut table, mut order) = (Table::new(), Order::new());
        for change in changes {
            apply(&mut table, &mut order, change);
        }
        assert_eq!(order.len(), table.len() as u64);
        split(&table, &mut order);
        check(&table, &order);
    }
}
