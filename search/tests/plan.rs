//! Plans, executed against tables in memory and compared with a naive list: filter every user, sort,
//! cut out the range.

use std::{collections::BTreeMap, num::NonZeroU32, sync::Arc};

use frontdesk_directory::{
    Actor, Change, ChangeKind, Cursor, Email, ListRange, Name, OrderBy, Page, ParsedQuery, Query,
    Revision, SampleFilter, SortField, Timestamp, User, UserId, text::fold,
};
use frontdesk_search::{
    ExactMatch, IdFilter, IdScan, Index, ListRequest, Plan, RoaringBitmap, Start, TableScan, plan,
    remaining_matches, sort_entries,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

#[derive(Clone, Debug)]
enum Step {
    Create(String, String, bool),
    Rename(usize, String),
    Delete(usize),
    Restore(usize),
    Purge(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let name = || "[abZż山]{1,3}( [ab]{1,2})?";
    prop_oneof![
        5 => (name(), "[abAB]{1,3}", any::<bool>())
            .prop_map(|(name, local, sample)| Step::Create(name, local, sample)),
        2 => (any::<usize>(), name()).prop_map(|(user, name)| Step::Rename(user, name)),
        2 => any::<usize>().prop_map(Step::Delete),
        1 => any::<usize>().prop_map(Step::Restore),
        1 => any::<usize>().prop_map(Step::Purge),
    ]
}

/// A directory, and the index that follows it.
#[derive(Default)]
struct Directory {
    users: BTreeMap<UserId, User>,
    trash: BTreeMap<UserId, User>,
    last_id: i32,
    revision: u64,
    index: Index,
}

impl Directory {
    fn after(steps: Vec<Step>) -> Self {
        let mut directory = Self::default();
        for step in steps {
            directory.execute(step);
        }
        directory
    }

    fn execute(&mut self, step: Step) {
        let pick = |users: &BTreeMap<UserId, User>, number: usize| {
            let user = users.values().nth(number % users.len().max(1));
            user.cloned()
        };
        let change = match step {
            Step::Create(name, local, sample) => {
                self.last_id += 1;
                let user = User {
                    id: UserId::new(self.last_id).expect("an id"),
                    name: Name::parse(&name).expect("a name"),
                    email: Email::parse(&format!("{local}.{}@b.example", self.last_id))
                        .expect("an email address"),
                    revision: Revision(0),
                    update_time: Timestamp(0),
                    sample,
                    purge_time: None,
                };
                Some((ChangeKind::Created, user, None, None))
            }
            Step::Rename(number, name) => pick(&self.users, number).map(|mut user| {
                let before = Some((user.name.clone(), user.email.clone()));
                user.name = Name::parse(&name).expect("a name");
                user.sample = false;
                let revision = Some(user.revision);
                (ChangeKind::Updated, user, before, revision)
            }),
            Step::Delete(number) => pick(&self.users, number).map(|user| {
                let revision = Some(user.revision);
                (ChangeKind::Deleted, user, None, revision)
            }),
            Step::Restore(number) => {
                pick(&self.trash, number).map(|user| (ChangeKind::Restored, user, None, None))
            }
            Step::Purge(number) => {
                pick(&self.trash, number).map(|user| (ChangeKind::Deleted, user, None, None))
            }
        };
        let Some((kind, mut user, before, previous_revision)) = change else {
            return;
        };
        self.revision += 1;
        user.revision = Revision(self.revision);
        self.users.remove(&user.id);
        let was_in_trash = self.trash.remove(&user.id).is_some();
        match kind {
            ChangeKind::Deleted if was_in_trash => {}
            ChangeKind::Deleted => _ = self.trash.insert(user.id, user.clone()),
            _ => _ = self.users.insert(user.id, user.clone()),
        }
        let change = Change {
            kind,
            user,
            before,
            previous_revision,
            actor: Actor::LOCAL_OPERATOR,
        };
        let changes = [Arc::new(change)];
        self.index.apply(&changes);
        // Applied twice, as by a follower that catches up.
        self.index.apply(&changes);
    }

    /// The tables of the store: keys and ids, sorted.
    fn table(&self, field: SortField) -> Vec<(Vec<u8>, u32)> {
        let entry = |user: &User| (key(user, Some(field), None), user.id.get().unsigned_abs());
        let mut entries: Vec<_> = self.users.values().map(entry).collect();
        entries.sort();
        entries
    }

    fn user(&self, id: u32) -> Option<&User> {
        let id = UserId::new(i32::try_from(id).ok()?)?;
        self.users.get(&id)
    }

    fn exact(&self, query: &ParsedQuery) -> Vec<ExactMatch> {
        let by_id = query.id().and_then(|id| self.users.get(&id));
        let by_email = query.email_key().and_then(|key| {
            let mut users = self.users.values();
            users.find(|user| user.email.key() == key)
        });
        let users = by_id.into_iter().chain(by_email);
        users
            .filter_map(|user| {
                let (name, email) = (fold(user.name.as_str()), user.email.key());
                Some(ExactMatch {
                    id: user.id,
                    rank: query.rank(user.id, &name, &email)?,
                    matches_text: query.text_rank(&name, &email).is_some(),
                })
            })
            .collect()
    }
}

/// The key that a user is sorted by.
fn key(user: &User, field: Option<SortField>, query: Option<&ParsedQuery>) -> Vec<u8> {
    let (name, email) = (fold(user.name.as_str()), user.email.key());
    match field {
        Some(SortField::Id) => Vec::new(),
        Some(SortField::Name) => name.as_bytes().to_vec(),
        Some(SortField::Email) => email.as_bytes().to_vec(),
        Some(SortField::UpdateTime) => user.revision.0.to_be_bytes().to_vec(),
        None => {
            let rank = query.and_then(|query| query.rank(user.id, &name, &email));
            rank.map(|rank| u8::try_from(rank.index()).expect("a byte"))
                .into_iter()
                .collect()
        }
    }
}

#[derive(Clone, Debug)]
struct Case {
    query: String,
    order_by: Option<OrderBy>,
    sample_filter: SampleFilter,
    min_revision: Option<u64>,
    range: Range,
}

#[derive(Clone, Debug)]
enum Range {
    All,
    Page(u32, u32),
    /// After the user at this position of the list.
    After(usize),
}

fn case() -> impl Strategy<Value = Case> {
    let orders = [
        "",
        "id",
        "id desc",
        "name",
        "name desc",
        "email",
        "email desc",
    ];
    let orders = orders
        .into_iter()
        .chain(["update_time", "update_time desc"]);
    let orders: Vec<_> = orders
        .map(|text| OrderBy::parse(text).expect("an order"))
        .collect();
    let samples = [
        SampleFilter::Include,
        SampleFilter::Exclude,
        SampleFilter::Only,
    ];
    let range = prop_oneof![
        2 => Just(Range::All),
        3 => (1..5_u32, 1..12_u32).prop_map(|(number, size)| Range::Page(number, size)),
        2 => any::<usize>().prop_map(Range::After),
    ];
    (
        "|[ab1]|[abz山]{1,2}( a)?|[12]{1,2}|a\\.1@b\\.example|\u{301}",
        select(orders),
        select(samples.to_vec()),
        option::weighted(0.2, 0..40_u64),
        range,
    )
        .prop_map(
            |(query, order_by, sample_filter, min_revision, range)| Case {
                query,
                order_by,
                sample_filter,
                min_revision,
                range,
            },
        )
}

/// Executes a plan as a store does. Returns the total, and the ids from the start of the range.
fn execute(
    plan: Plan,
    case: &Case,
    directory: &Directory,
    query: Option<&ParsedQuery>,
    range: &ListRange,
) -> (u64, Vec<u32>) {
    match plan {
        Plan::LookUp { total, ids } => (total, read(ids, directory, query)),
        Plan::Sort(ids) => sort(&ids, case, directory, query, range),
        Plan::Scan(scan) => (scan.total, scan_table(&scan, directory)),
        Plan::ScanOrSort {
            scan, ids, wanted, ..
        } => {
            let scanned = scan_table(&scan, directory);
            assert!(wanted > 0);
            let sorted = sort(&ids, case, directory, query, range);
            assert_eq!((scan.total, scanned), sorted);
            sorted
        }
    }
}

fn read(mut ids: IdScan, directory: &Directory, query: Option<&ParsedQuery>) -> Vec<u32> {
    let mut read: Vec<u32> = ids.by_ref().collect();
    if let (IdScan::BestMatches { known, .. }, Some(query)) = (&ids, query) {
        let exact = directory.exact(query);
        let snapshot = directory.index.snapshot();
        read.extend(remaining_matches(query, &exact, known, &snapshot));
    }
    read
}

fn sort(
    ids: &RoaringBitmap,
    case: &Case,
    directory: &Directory,
    query: Option<&ParsedQuery>,
    range: &ListRange,
) -> (u64, Vec<u32>) {
    let order_by = case.order_by.expect("only sorted lists are sorted");
    let users = ids.iter().filter_map(|id| directory.user(id));
    let entries = users
        .map(|user| {
            let key = key(user, Some(order_by.field), query);
            (key, user.id.get().unsigned_abs())
        })
        .collect();
    let sorted = sort_entries(entries, order_by.descending, range);
    (sorted.total, sorted.ids.collect())
}

fn scan_table(scan: &TableScan, directory: &Directory) -> Vec<u32> {
    let mut entries = directory.table(scan.order_by.field);
    let (mut from, mut skipped) = (0, 0);
    match &scan.start {
        Start::First { skip } => skipped = usize::try_from(*skip).expect("small"),
        Start::After(cursor) => {
            let last = (cursor.key.clone(), cursor.id.get().unsigned_abs());
            if scan.order_by.descending {
                entries.retain(|entry| *entry < last);
            } else {
                entries.retain(|entry| *entry > last);
            }
        }
        Start::Entry { key, id, skip } => {
            let start = (key.clone(), *id);
            from = entries.partition_point(|entry| *entry < start) + *skip as usize;
        }
        Start::NthId(before) => from = usize::try_from(*before).expect("small"),
    }
    if scan.order_by.descending {
        if !matches!(scan.start, Start::First { .. } | Start::After(_)) {
            entries.truncate(from + 1);
        }
        entries.reverse();
    } else {
        entries.drain(..from);
    }
    let ids = entries.into_iter().map(|(_, id)| id);
    ids.filter(|id| scan.filter.contains(*id))
        .skip(skipped)
        .collect()
}

/// All ids of the list.
fn naive(case: &Case, directory: &Directory, query: Option<&ParsedQuery>) -> Vec<UserId> {
    let mut users: Vec<_> = directory.users.values().collect();
    users.retain(|user| {
        let (name, email) = (fold(user.name.as_str()), user.email.key());
        case.sample_filter.accepts(user.sample)
            && case.min_revision.is_none_or(|min| user.revision.0 >= min)
            && query.is_none_or(|query| query.rank(user.id, &name, &email).is_some())
    });
    let field = case.order_by.map(|order_by| order_by.field);
    users.sort_by_key(|user| (key(user, field, query), user.id));
    if case.order_by.is_some_and(|order_by| order_by.descending) {
        users.reverse();
    }
    users.into_iter().map(|user| user.id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn an_executed_plan_yields_the_users_of_a_naive_list(
        steps in vec(step(), 0..60),
        cases in vec(case(), 1..8),
    ) {
        let directory = Directory::after(steps);
        let snapshot = directory.index.snapshot();
        prop_assert_eq!(snapshot.user_count(), directory.users.len() as u64);
        prop_assert_eq!(snapshot.revision(), Revision(directory.revision));
        for case in cases {
            let query = Query::parse(&case.query).expect("short enough");
            let query = query.as_ref().map(ParsedQuery::new);
            let query = query.as_ref();
            let list = naive(&case, &directory, query);
            let field = case.order_by.map(|order_by| order_by.field);
            let (range, skip) = match case.range {
                Range::All => (ListRange::All, 0),
                Range::Page(number, size) => {
                    let number = NonZeroU32::new(number).expect("a page number");
                    let page = Page::new(number, size);
                    (ListRange::Page(page), usize::try_from(page.offset()).expect("small"))
                }
                Range::After(position) => {
                    let Some(id) = list.get(position % list.len().max(1)) else {
                        continue;
                    };
                    let field = field.or(query.is_none().then_some(SortField::Id));
                    let key = key(&directory.users[id], field, query);
                    let cursor = Cursor { key, id: *id };
                    (ListRange::After(cursor, 5), position % list.len() + 1)
                }
            };
            let only = case.min_revision.map(|min| {
                let updated = directory.users.values().filter(|user| user.revision.0 >= min);
                updated.map(|user| user.id.get().unsigned_abs()).collect()
            });
            let exact = query.map(|query| directory.exact(query)).unwrap_or_default();
            let request = ListRequest {
                query,
                exact: &exact,
                order_by: case.order_by,
                filter: IdFilter::new(case.sample_filter, snapshot.samples(), only),
                range: &range,
            };
            let plan = plan(request, &snapshot);
            let (total, ids) = execute(plan.clone(), &case, &directory, query, &range);
            let expected: Vec<u32> = list.iter().map(|id| id.get().unsigned_abs()).collect();
            prop_assert_eq!(total, expected.len() as u64, "{:?} {:?}", case, plan);
            let expected = expected.get(skip..).unwrap_or_default();
            prop_assert_eq!(&ids, expected, "{:?} {:?}", case, plan);
        }
    }
}
