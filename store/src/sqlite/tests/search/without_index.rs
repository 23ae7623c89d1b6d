//! Stores without a search index, or before it is built.

use super::*;

#[test]
fn a_store_without_an_index_lists_all_users_by_id() {
    let folder = Folder::new();
    let lock = Lock::acquire(folder.path(), "test").expect("the folder");
    let store = Store::open(&lock, RetentionPolicy::default()).expect("the directory");
    assert_eq!(read_list(&store, &ListParams::default()).total, 1_000);
    let params = ListParams {
        query: "ada",
        ..ListParams::default()
    };
    let error = block_on(store.list(parse(&params))).err();
    assert!(matches!(error, Some(Error::Internal(_))), "{error:?}");
}

#[test]
fn a_store_can_be_closed_before_its_index_is_built() {
    let folder = Folder::new();
    for _ in 0..20 {
        drop(new_store(&folder));
    }
}
