//! Before all that is found by has been read, and without.

use super::*;

#[test]
fn a_store_that_is_not_opened_to_find_reads_by_id_all_the_same() {
    let folder = Folder::new();
    let lock = Lock::acquire(folder.path(), "test").expect("the folder");
    let store = Store::open(&lock, RetentionPolicy::default()).expect("the directory");
    assert_eq!(find(&store, &ListParams::default()).total, 1_000);
    let wanted = ListParams {
        query: "ada",
        ..ListParams::default()
    };
    let selection = wanted.parse().expect("a selection");
    let refused = block_on(store.list(selection)).err();
    assert!(matches!(refused, Some(Error::Internal(_))), "{refused:?}");
}

#[test]
fn a_store_that_closes_before_it_is_ready_keeps_nobody_waiting() {
    let folder = Folder::new();
    for _ in 0..20 {
        drop(fresh(&folder));
    }
}
