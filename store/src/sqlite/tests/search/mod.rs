//! Lists that search, sort and let through, held against everybody sorted by hand.

mod pages;
mod random;
mod ready;
mod search;

use frontdesk_directory::text::{SearchTerm, fold};
use proptest::prelude::*;

use super::*;
use frontdesk_directory::{Command, Filter, ListParams, ListRange, SampleFilter, Timestamp};

/// A list, or a part of it.
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

fn find(store: &Store, wanted: &ListParams<'_>) -> Listed {
    find_in(store, wanted, None)
}

/// The page of `page_size` users after a position.
fn find_after(store: &Store, wanted: &ListParams<'_>, after: &Cursor, page_size: u32) -> Listed {
    find_in(
        store,
        wanted,
        Some(ListRange::After(after.clone(), page_size)),
    )
}

fn find_in(store: &Store, wanted: &ListParams<'_>, range: Option<ListRange>) -> Listed {
    let mut selection = wanted.parse().unwrap_or_else(|bad| panic!("{bad:?}"));
    if let Some(range) = range {
        selection.range = range;
    }
    block_on(async {
        let mut listing = store.list(selection).await.expect("a list");
        let mut users = Vec::new();
        while let Some(batch) = poll_fn(|cx| Pin::new(&mut listing.users).poll_next(cx)).await {
            let batch = batch.expect("a batch");
            assert!(!batch.is_empty() && batch.len() <= 1_000);
            users.extend(batch);
        }
        Listed {
            total: listing.total,
            users,
            next: listing.next,
        }
    })
}

fn query(store: &Store, query: &str) -> Vec<i32> {
    let wanted = ListParams {
        query,
        ..ListParams::default()
    };
    let found = find(store, &wanted);
    assert_eq!(found.total, found.users.len() as u64);
    found.ids()
}

fn do_now(store: &Store, edit: Command) -> User {
    block_on(store.execute(edit, None))
        .expect("it answers")
        .expect("done")
}

fn create(store: &Store, name: &str, email: &str) -> i32 {
    let NewUser { name, email } = new_user(name, email);
    do_now(store, Command::Create { name, email }).id.get()
}

fn rename(store: &Store, number: i32, name: &str) {
    let name = Some(Name::parse(name).expect("a name"));
    let (id, email, expected) = (id(number), None, None);
    do_now(
        store,
        Command::Update {
            id,
            name,
            email,
            expected,
        },
    );
}

fn delete(store: &Store, number: i32) {
    let (id, expected) = (id(number), None);
    do_now(store, Command::Delete { id, expected });
}

fn id(number: i32) -> UserId {
    UserId::new(number).expect("an id")
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

/// All pages of a list, by their numbers and by their tokens, are the list.
fn pages_are_the_list(store: &Store, wanted: &ListParams<'_>, page_size: i32) {
    let whole = find(store, wanted);
    assert_eq!(whole.total, whole.users.len() as u64, "{wanted:?}");
    assert_eq!(whole.next, None);
    let size = usize::try_from(page_size).expect("a size");
    let mut token = None::<Cursor>;
    let mut page = 0;
    loop {
        page += 1;
        let numbered = ListParams {
            page,
            page_size,
            ..*wanted
        };
        let numbered = find(store, &numbered);
        let skip = usize::try_from(page - 1).expect("a page") * size;
        let expected: Vec<_> = whole.users.iter().skip(skip).take(size).cloned().collect();
        assert_eq!(numbered.users, expected, "page {page} of {wanted:?}");
        assert_eq!(numbered.total, whole.total);
        let more = skip + size < whole.users.len();
        assert_eq!(numbered.next.is_some(), more, "page {page} of {wanted:?}");
        if let Some(token) = &token {
            let size = u32::try_from(page_size).expect("a size");
            let after = find_after(store, wanted, token, size);
            assert_eq!(after, numbered, "page {page} of {wanted:?}");
        }
        token = numbered.next;
        if token.is_none() {
            break;
        }
    }
    let beyond = ListParams {
        page: i32::MAX,
        page_size,
        ..*wanted
    };
    assert!(find(store, &beyond).users.is_empty());
}
