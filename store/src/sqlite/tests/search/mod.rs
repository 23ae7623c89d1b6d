//! Lists with a query, an order or a filter, compared with lists that are searched and sorted
//! naively.

mod model;
mod pages;
mod queries;
mod without_index;

use frontdesk_directory::text::{SearchTerm, fold};
use frontdesk_directory::{Filter, ListRange, SampleFilter};
use proptest::prelude::*;

use super::*;

/// A list, or a range of it.
#[derive(Debug, PartialEq)]
struct Listed {
    total: u64,
    users: Vec<User>,
    next: Option<Cursor>,
}

impl Listed {
    fn ids(&self) -> Vec<i32> {
        self.users.iter().map(|user| user.id.get()).collect()
    }
}

fn read_list(store: &Store, params: &ListParams<'_>) -> Listed {
    read(store, parse(params))
}

/// Reads the page of `page_size` users after a position.
fn read_after(store: &Store, params: &ListParams<'_>, after: &Cursor, page_size: u32) -> Listed {
    let range = ListRange::After(after.clone(), page_size);
    let query = ListQuery {
        range,
        ..parse(params)
    };
    read(store, query)
}

fn parse(params: &ListParams<'_>) -> ListQuery {
    params
        .parse()
        .unwrap_or_else(|violations| panic!("{violations:?}"))
}

fn read(store: &Store, query: ListQuery) -> Listed {
    block_on(async {
        let mut list = store.list(query).await.expect("a list");
        let mut users = Vec::new();
        while let Some(batch) = next(&mut list.users).await {
            let batch = batch.expect("a batch");
            assert!(!batch.is_empty() && batch.len() <= 1_000);
            users.extend(batch);
        }
        Listed {
            total: list.total,
            users,
            next: list.next,
        }
    })
}

/// The ids of the users that a query finds, best matches first.
fn search(store: &Store, query: &str) -> Vec<i32> {
    let params = ListParams {
        query,
        ..ListParams::default()
    };
    let list = read_list(store, &params);
    assert_eq!(list.total, list.users.len() as u64);
    list.ids()
}

fn execute_ok(store: &Store, command: Command) -> User {
    execute(store, command).expect("an accepted command")
}

fn create_user(store: &Store, name: &str, email: &str) -> i32 {
    execute_ok(store, create(name, email)).id.get()
}

fn rename_user(store: &Store, id: i32, name: &str) {
    execute_ok(store, rename(user_id(id), name, None));
}

fn delete_user(store: &Store, id: i32) {
    execute_ok(store, delete(user_id(id)));
}

const ORDERS: [&str; 9] = [
    "",
    "id",
    "id desc",
    "name",
    "name desc",
    "email",
    "email desc",
    "update_time",
    "update_time desc",
];

/// Asserts that the pages of a list, read by number and by cursor, add up to the list.
fn assert_pages_are_the_list(store: &Store, params: &ListParams<'_>, page_size: i32) {
    let whole = read_list(store, params);
    assert_eq!(whole.total, whole.users.len() as u64, "{params:?}");
    assert_eq!(whole.next, None);
    let size = usize::try_from(page_size).expect("a size");
    let mut cursor = None::<Cursor>;
    let mut page = 0;
    loop {
        page += 1;
        let by_number = ListParams {
            page,
            page_size,
            ..*params
        };
        let by_number = read_list(store, &by_number);
        let skip = usize::try_from(page - 1).expect("a page") * size;
        let expected: Vec<_> = whole.users.iter().skip(skip).take(size).cloned().collect();
        assert_eq!(by_number.users, expected, "page {page} of {params:?}");
        assert_eq!(by_number.total, whole.total);
        let has_next = skip + size < whole.users.len();
        assert_eq!(
            by_number.next.is_some(),
            has_next,
            "page {page} of {params:?}"
        );
        if let Some(cursor) = &cursor {
            let by_cursor = read_after(store, params, cursor, page_size.unsigned_abs());
            assert_eq!(by_cursor, by_number, "page {page} of {params:?}");
        }
        cursor = by_number.next;
        if cursor.is_none() {
            break;
        }
    }
    let beyond = ListParams {
        page: i32::MAX,
        page_size,
        ..*params
    };
    assert!(read_list(store, &beyond).users.is_empty());
}
