//! Lists that search, sort and let through, held against everybody sorted by hand.

use frontdesk_index::{Needle, fold};
use proptest::prelude::*;

use super::*;
use crate::directory::{Edit, Filter, Moment, Samples as Made, Wanted};

/// A list, or a part of it.
#[derive(Debug, PartialEq)]
struct Listed {
    total: u64,
    users: Vec<User>,
    next: Option<String>,
}

impl Listed {
    fn ids(&self) -> Vec<i32> {
        self.users.iter().map(|user| user.id.get()).collect()
    }
}

fn find(store: &Store, wanted: &Wanted<'_>) -> Listed {
    let selection = Selection::parse(wanted).unwrap_or_else(|bad| panic!("{bad:?}"));
    block_on(async {
        let mut listing = store.list(selection).await.expect("a list");
        let mut users = Vec::new();
        while let Some(batch) = poll_fn(|cx| Pin::new(&mut listing.rows).poll_next(cx)).await {
            let batch = batch.expect("a batch");
            assert!(!batch.is_empty() && batch.len() <= 1_000);
            users.extend(batch);
        }
        Listed {
            total: listing.total,
            users,
            next: listing.next.map(|next| next.to_string()),
        }
    })
}

fn query(store: &Store, query: &str) -> Vec<i32> {
    let wanted = Wanted {
        query,
        ..Wanted::default()
    };
    let found = find(store, &wanted);
    assert_eq!(found.total, found.users.len() as u64);
    found.ids()
}

fn do_now(store: &Store, edit: Edit) -> User {
    block_on(store.edit(edit, None))
        .expect("it answers")
        .expect("done")
}

fn create(store: &Store, name: &str, email: &str) -> i32 {
    let NewUser { name, email } = person(name, email);
    do_now(store, Edit::Create { name, email }).id.get()
}

fn rename(store: &Store, number: i32, name: &str) {
    let name = Some(Name::parse(name).expect("a name"));
    let (id, email, expected) = (id(number), None, None);
    do_now(
        store,
        Edit::Update {
            id,
            name,
            email,
            expected,
        },
    );
}

fn delete(store: &Store, number: i32) {
    let (id, expected) = (id(number), None);
    do_now(store, Edit::Delete { id, expected });
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
fn pages_are_the_list(store: &Store, wanted: &Wanted<'_>, page_size: i32) {
    let whole = find(store, wanted);
    assert_eq!(whole.total, whole.users.len() as u64, "{wanted:?}");
    assert_eq!(whole.next, None);
    let size = usize::try_from(page_size).expect("a size");
    let mut token = None::<String>;
    let mut page = 0;
    loop {
        page += 1;
        let numbered = Wanted {
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
            let after = Wanted {
                page_token: token,
                page_size,
                ..*wanted
            };
            assert_eq!(find(store, &after), numbered, "page {page} of {wanted:?}");
        }
        token = numbered.next;
        if token.is_none() {
            break;
        }
    }
    let beyond = Wanted {
        page: i32::MAX,
        page_size,
        ..*wanted
    };
    assert!(find(store, &beyond).users.is_empty());
}

#[test]
fn people_are_found_without_regard_to_case_and_accents_in_any_script() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let zoe = create(&store, "Zoë Quux", "z@example.org");
    let sokolow = create(&store, "Jan SOKOŁÓW", "jan.s@example.org");
    let yamada = create(&store, "山田太郎", "yamada@example.org");
    let ali = create(&store, "علی‌رضا مُحَمَّد", "ali@example.org");
    let odd = create(&store, "100% _x_ \"NEAR(a*)\" -b", "odd@example.org");
    for (text, who) in [
        ("zoe quux", zoe),
        ("QUUX zoë", zoe),
        ("sokolow", sokolow),
        ("田太", yamada),
        ("محمد", ali),
        ("0% _", odd),
        ("_x_", odd),
        ("\"near(", odd),
        ("a*)", odd),
        ("-b", odd),
    ] {
        assert_eq!(query(&store, text), [who], "{text}");
    }
    for nobody in [
        "%%",
        "zoe*",
        "z_e",
        "zoe AND quux",
        "\u{301}",
        "\0",
        "' OR 1=1",
    ] {
        assert!(query(&store, nobody).is_empty(), "{nobody:?}");
    }
}

#[test]
fn an_id_or_a_whole_address_comes_first_and_better_matches_before_others() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let inside = create(&store, "Xexo 77", "a1@example.org");
    let words = create(&store, "Oona Xex", "a2@example.org");
    let begins = create(&store, "Xex Oona", "a3@example.org");
    let anywhere = create(&store, "Axexo", "a4@example.org");
    let whole = create(&store, "Xex", "a5@example.org");
    let address = create(&store, "Somebody", "xex@example.org");
    assert_eq!(
        query(&store, "xex"),
        [whole, inside, begins, words, address, anywhere]
    );
    assert_eq!(query(&store, "xex oona"), [begins, words]);
    let found = query(&store, "77");
    assert_eq!(found[0], 77);
    assert!(found.contains(&inside));
    assert_eq!(query(&store, "XEX@Example.org")[0], address);
    // In another order they are on the list too.
    let sorted = Wanted {
        query: "77",
        order_by: "id",
        ..Wanted::default()
    };
    let mut found = found;
    found.sort_unstable();
    assert_eq!(find(&store, &sorted).ids(), found);
}

#[test]
fn every_order_is_that_of_its_key_and_then_the_id() {
    let folder = Folder::new();
    let store = fresh(&folder);
    for number in 0..40 {
        create(&store, "Zoë", &format!("{number}@example.org"));
    }
    rename(&store, 7, "zoe");
    for order_by in ORDERS {
        let wanted = Wanted {
            order_by,
            ..Wanted::default()
        };
        let found = find(&store, &wanted).users;
        assert_eq!(found.len(), 1_040);
        let key = |user: &User| {
            let key = match order_by.split(' ').next() {
                Some("name") => fold(user.name.as_str()).into_owned(),
                Some("email") => user.email.key().into_owned(),
                Some("update_time") => format!("{:020}", user.revision.0),
                _ => String::new(),
            };
            (key, user.id)
        };
        let mut sorted = found.clone();
        sorted.sort_by_key(key);
        if order_by.ends_with("desc") {
            sorted.reverse();
        }
        assert_eq!(found, sorted, "{order_by}");
    }
}

#[test]
fn pages_of_every_order_query_and_filter_are_cut_from_the_same_list() {
    let folder = Folder::new();
    let store = fresh(&folder);
    add(
        &store,
        Samples::starting_at(5_000).take(3_000).collect(),
        Origin::Real,
    );
    (1..90).step_by(2).for_each(|id| delete(&store, id));
    (2..60).step_by(4).for_each(|id| rename(&store, id, "Zoë"));
    let since = block_on(store.user(id(2)))
        .expect("read")
        .expect("a user")
        .changed;
    for order_by in ORDERS {
        // Nobody, one, few, many, nearly all.
        for query in ["", "qqqqq", "102", "zoe", "an", "a"] {
            for (samples, in_bin, since) in [
                (Made::With, false, None),
                (Made::Only, false, None),
                (Made::Without, false, Some(since)),
                (Made::With, true, None),
            ] {
                let filter = Filter {
                    samples,
                    in_bin,
                    changed_since: since,
                };
                let wanted = Wanted {
                    query,
                    order_by,
                    filter,
                    ..Wanted::default()
                };
                pages_are_the_list(&store, &wanted, 907);
            }
        }
    }
}

#[test]
fn who_comes_or_goes_moves_nobody_else_to_another_page() {
    let folder = Folder::new();
    let store = fresh(&folder);
    for order_by in ORDERS {
        for query in ["", "e"] {
            let wanted = Wanted {
                order_by,
                query,
                page_size: 100,
                ..Wanted::default()
            };
            let whole = find(&store, &wanted).ids();
            let mut read = Vec::new();
            let mut next = find(&store, &Wanted { page: 1, ..wanted });
            let mut come = Vec::new();
            loop {
                read.extend(next.ids());
                // One who was read goes, and one comes, before or behind the place.
                let ids = next.ids();
                let goes = ids.iter().find(|id| !come.contains(*id));
                if let Some(goes) = goes {
                    delete(&store, *goes);
                }
                let name = if read.len() % 200 == 0 { "!e" } else { "zze" };
                let email = format!("{name}{}@example.org", read.len());
                come.push(create(&store, name, &email));
                let Some(token) = next.next else { break };
                let page_token = token.as_str();
                next = find(
                    &store,
                    &Wanted {
                        page_token,
                        ..wanted
                    },
                );
            }
            read.retain(|id| !come.contains(id));
            assert_eq!(read, whole, "{order_by:?} {query:?}");
            for id in come {
                delete(&store, id);
            }
            let bin = Filter {
                in_bin: true,
                ..Filter::default()
            };
            let bin = Wanted {
                filter: bin,
                ..Wanted::default()
            };
            for id in find(&store, &bin).users.iter().map(|user| user.id) {
                if id.get() <= 1_000 {
                    do_now(&store, Edit::Restore { id, expected: None });
                }
            }
        }
    }
}

#[test]
fn a_list_goes_on_past_what_was_found_first_and_names_nobody_twice() {
    let folder = Folder::new();
    let store = fresh(&folder);
    add(
        &store,
        Samples::starting_at(5_000).take(4_000).collect(),
        Origin::Real,
    );
    let selection = Wanted {
        query: "example",
        ..Wanted::default()
    };
    let selection = Selection::parse(&selection).expect("a selection");
    block_on(async {
        let mut listing = store.list(selection).await.expect("a list");
        assert_eq!(listing.total, 5_000);
        let (mut ids, mut batches) = (Vec::new(), 0);
        while let Some(batch) = poll_fn(|cx| Pin::new(&mut listing.rows).poll_next(cx)).await {
            let batch = batch.expect("a batch");
            batches += 1;
            ids.extend(batch.iter().map(|user| user.id));
            // One who was named already, and one who was not yet.
            for number in [batches, 3_000 + batches] {
                let expected = None;
                let edit = Edit::Update {
                    id: id(number),
                    name: Some(Name::parse("example").expect("a name")),
                    email: None,
                    expected,
                };
                store
                    .edit(edit, None)
                    .await
                    .expect("an answer")
                    .expect("done");
            }
        }
        assert_eq!(ids.len(), 5_000);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 5_000);
    });
}

#[test]
fn who_has_written_finds_what_they_wrote() {
    let folder = Folder::new();
    let store = fresh(&folder);
    for number in 0..50 {
        let text = format!("quux{number}x");
        let email = format!("quuy{number}@example.org");
        let who = create(&store, &text, &email);
        assert_eq!(query(&store, &text), [who]);
        rename(&store, who, "Somebody");
        assert!(query(&store, &text).is_empty());
        delete(&store, who);
        assert!(query(&store, &email).is_empty());
    }
}

#[test]
fn those_in_the_bin_are_found_there_until_their_time_is_over() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let ada = create(&store, "Ada Quux", "ada@example.org");
    delete(&store, ada);
    let number = ada.to_string();
    let bin = |query| Wanted {
        query,
        filter: Filter {
            in_bin: true,
            ..Filter::default()
        },
        ..Wanted::default()
    };
    let found = find(&store, &bin("quux"));
    assert_eq!((found.total, found.ids()), (1, vec![ada]));
    assert!(found.users[0].in_bin_until.is_some());
    assert_eq!(find(&store, &bin(&number)).ids(), [ada]);
    assert!(query(&store, "quux").is_empty());
    drop(store);
    let lock = Lock::take(folder.path(), "test").expect("the folder");
    let bin_time = std::time::Duration::ZERO;
    let store = Store::open_to_find(
        &lock,
        Keeping {
            bin: bin_time,
            ..Keeping::default()
        },
    )
    .expect("the directory");
    assert_eq!(find(&store, &bin("quux")).total, 0);
}

#[test]
fn changed_since_lets_through_who_was_changed_then_or_later() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let ada = create(&store, "Ada", "ada@example.org");
    let changed = block_on(store.user(id(ada)))
        .expect("read")
        .expect("Ada")
        .changed;
    for (since, total) in [(0, 1_001), (changed.0, 1), (changed.0 + 1, 0)] {
        // The samples were made a while before.
        let older = database(&folder).execute("UPDATE users SET changed = 5 WHERE id <= 1000", []);
        older.expect("rows");
        let wanted = Wanted {
            filter: Filter {
                changed_since: Some(Moment(since)),
                ..Filter::default()
            },
            ..Wanted::default()
        };
        assert_eq!(find(&store, &wanted).total, total, "{since}");
    }
}

#[test]
fn a_store_that_is_not_opened_to_find_reads_by_id_all_the_same() {
    let folder = Folder::new();
    let lock = Lock::take(folder.path(), "test").expect("the folder");
    let store = Store::open(&lock, Keeping::default()).expect("the directory");
    assert_eq!(find(&store, &Wanted::default()).total, 1_000);
    let wanted = Wanted {
        query: "ada",
        ..Wanted::default()
    };
    let selection = Selection::parse(&wanted).expect("a selection");
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

#[derive(Clone, Debug)]
enum Step {
    Create(String),
    Rename(usize, String),
    Delete(usize),
    Restore(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let name = "[aàbBzŻ山 ]{0,5}[ab]";
    prop_oneof![
        3 => name.prop_map(Step::Create),
        2 => (any::<usize>(), name).prop_map(|(who, name)| Step::Rename(who, name)),
        2 => any::<usize>().prop_map(Step::Delete),
        1 => any::<usize>().prop_map(Step::Restore),
    ]
}

/// The directory as a list that is searched and sorted by hand.
#[derive(Default)]
struct Model {
    there: Vec<User>,
    bin: Vec<User>,
}

impl Model {
    fn take(&mut self, store: &Store, number: usize, step: Step) {
        let expected = None;
        let pick = |users: &[User], who: usize| (!users.is_empty()).then(|| who % users.len());
        match step {
            Step::Create(name) => {
                let NewUser { name, email } = person(&name, &format!("{number}@b.example"));
                self.there.push(do_now(store, Edit::Create { name, email }));
            }
            Step::Rename(who, name) => {
                let Some(at) = pick(&self.there, who) else {
                    return;
                };
                let edit = Edit::Update {
                    id: self.there[at].id,
                    name: Some(Name::parse(&name).expect("a name")),
                    email: None,
                    expected,
                };
                self.there[at] = do_now(store, edit);
            }
            Step::Delete(who) => {
                if let Some(at) = pick(&self.there, who) {
                    let id = self.there.remove(at).id;
                    self.bin.push(do_now(store, Edit::Delete { id, expected }));
                }
            }
            Step::Restore(who) => {
                if let Some(at) = pick(&self.bin, who) {
                    let id = self.bin.remove(at).id;
                    self.there
                        .push(do_now(store, Edit::Restore { id, expected }));
                }
            }
        }
    }

    fn find(&self, wanted: &Wanted<'_>) -> Vec<User> {
        let Wanted { filter, query, .. } = wanted;
        let from = if filter.in_bin {
            &self.bin
        } else {
            &self.there
        };
        let needle = Needle::new(query);
        let rank = |user: &User| {
            let Some(needle) = &needle else {
                return Some(0);
            };
            if query.parse() == Ok(user.id.get()) {
                return Some(0);
            }
            let name = fold(user.name.as_str());
            let rank = needle.matches(&name, &fold(user.email.as_str()));
            rank.map(|rank| 1 + rank.index())
        };
        let mut found: Vec<_> = from.iter().filter(|user| rank(user).is_some()).collect();
        found.retain(|user| {
            filter
                .changed_since
                .is_none_or(|since| user.changed >= since)
        });
        found.retain(|user| match filter.samples {
            Made::With => true,
            Made::Without => !user.sample,
            Made::Only => user.sample,
        });
        let (by, way) = wanted
            .order_by
            .split_once(' ')
            .unwrap_or((wanted.order_by, ""));
        found.sort_by_key(|user| {
            let text = match by {
                "name" => fold(user.name.as_str()).into_owned(),
                "email" => user.email.key().into_owned(),
                _ => String::new(),
            };
            let number = match by {
                "" => rank(user).unwrap_or_default() as u64,
                "update_time" => user.revision.0,
                _ => 0,
            };
            (text, number, user.id)
        });
        if way == "desc" {
            found.reverse();
        }
        found.into_iter().cloned().collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_was_done_lists_are_those_of_a_model(
        steps in prop::collection::vec(step(), 1..60),
        texts in prop::collection::vec("[ab1@山]{1,2}|[ab] [a1]", 3),
    ) {
        let folder = Folder::new();
        let store = fresh(&folder);
        let gone = store.remove_samples(usize::MAX).and_then(Pending::wait);
        prop_assert_eq!(gone.expect("removed"), 999);
        let mut model = Model::default();
        let john = block_on(store.user(id(1))).expect("read").expect("John");
        model.there.push(john);
        for (number, step) in steps.into_iter().enumerate() {
            model.take(&store, number, step);
        }
        let middle = model.there.get(model.there.len() / 2).map(|user| user.changed);
        let texts = texts.iter().map(String::as_str).chain(["", "1"]);
        for query in texts {
            for order_by in ORDERS {
                for (samples, in_bin, changed_since) in [
                    (Made::With, false, None),
                    (Made::With, true, None),
                    (Made::Without, false, middle),
                    (Made::Only, false, None),
                ] {
                    let filter = Filter { samples, in_bin, changed_since };
                    let wanted = Wanted { query, order_by, filter, ..Wanted::default() };
                    let found = find(&store, &wanted);
                    prop_assert_eq!(&found.users, &model.find(&wanted), "{:?}", wanted);
                    let first = find(&store, &Wanted { page: 1, page_size: 3, ..wanted });
                    prop_assert!(found.users.starts_with(&first.users));
                    if let Some(token) = &first.next {
                        let second = Wanted { page_token: token, page_size: 3, ..wanted };
                        let second = find(&store, &second).users;
                        prop_assert!(found.users[3..].starts_with(&second), "{:?}", wanted);
                    }
                }
            }
        }
    }
}
