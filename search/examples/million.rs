//! Measures memory and time with a million users. Run it with `--release`.
#![expect(clippy::cast_precision_loss, reason = "figures for display")]

use std::{
    num::NonZeroU32,
    time::{Duration, Instant},
};

use frontdesk_directory::{
    ListRange, OrderBy, Page, ParsedQuery, Query, Revision, SortField,
    text::{SearchTerm, fold},
};
use frontdesk_search::{
    IdFilter, IndexBuilder, ListRequest, OrderStatistics, Plan, Snapshot, TextIndex, plan,
};

const USERS: u32 = 1_000_000;
const ROUNDS: usize = 25;

const FIRST: [&str; 24] = [
    "Ada",
    "Zoë",
    "Bjørn",
    "Joan",
    "Đorđe",
    "Ana",
    "Michael",
    "Sophie",
    "Liam",
    "Noah",
    "Olivia",
    "Emma",
    "Hüseyin",
    "Chloé",
    "Kateřina",
    "Peter",
    "Maria",
    "Yuki",
    "Юрий",
    "太郎",
    "Ελένη",
    "민준",
    "محمد",
    "अनिता",
];
const LAST: [&str; 24] = [
    "Lovelace",
    "Sokołów",
    "Ødegård",
    "Jones",
    "Smith",
    "Müller",
    "García",
    "Nguyễn",
    "Rossi",
    "Silva",
    "Novák",
    "Kowalski",
    "Andersson",
    "Dubois",
    "O'Neil",
    "Brown",
    "Wilson",
    "Tanaka",
    "Ёлкин",
    "山田",
    "Παππάς",
    "권",
    "علی",
    "कुमार",
];
const TERMS: [&str; 20] = [
    "sokolow",
    "zoe sokolow",
    "123456",
    "qqqq",
    "nobody@nowhere.example",
    "xyz",
    "山田",
    "कुमार",
    "ada lovelace",
    "lov",
    "an",
    "a",
    "e",
    "@",
    ".com",
    "example",
    "example com",
    "a e",
    "x l . @ o",
    "a c e l m o p x @ .",
];

fn main() {
    let users: Vec<(String, String)> = (0..USERS).map(user).collect();
    let resident_before = resident();
    let start = Instant::now();
    let mut texts = TextIndex::new();
    for (id, (name, email)) in (1..).zip(&users) {
        texts.set(id, &fold(name), &fold(email));
    }
    println!("fold and load    {:>9.1} ms", millis(start.elapsed()));
    println!(
        "memory           {:>9.1} MB",
        (resident() - resident_before) as f64 / 1e6
    );
    println!();

    println!(
        "{:24} {:>9} {:>9} {:>9} {:>9}",
        "", "matches", "best ms", "p99 ms", "ids ms"
    );
    for term in TERMS {
        let Some(parsed) = SearchTerm::new(term) else {
            continue;
        };
        let (best, p99, matches) = measure(|| texts.best_matches(&parsed, 1000));
        let (ids, _, _) = measure(|| texts.matching_ids(&parsed));
        println!(
            "{term:24} {:>9} {best:>9.2} {p99:>9.2} {ids:>9.2}",
            matches.total()
        );
    }
    println!();
    measure_changes(&mut texts);
    measure_order(&users);
    measure_plans(&users);
}

/// Changes while a searcher still holds the texts before each change.
fn measure_changes(texts: &mut TextIndex) {
    let start = Instant::now();
    let mut before = texts.clone();
    for number in 0..1000 {
        texts.set(
            number * 997,
            "ada lovelace",
            "ada.lovelace.the.second@example.com",
        );
        before = texts.clone();
    }
    drop(before);
    println!(
        "change a text    {:>9.4} ms",
        millis(start.elapsed()) / 1000.0
    );
}

fn measure_order(users: &[(String, String)]) {
    let keys = sorted_keys(users, |(name, _)| fold(name).into_owned());
    let resident_before = resident();
    let start = Instant::now();
    let mut order = OrderStatistics::load(keys.iter().map(|(key, id)| (key, *id)));
    println!("load an order    {:>9.1} ms", millis(start.elapsed()));
    println!(
        "memory           {:>9.3} MB",
        resident().saturating_sub(resident_before) as f64 / 1e6
    );
    let (seek, _, _) = measure(|| {
        let position = order.seek(u64::from(USERS) - 10);
        position.map(|position| position.skip)
    });
    println!("seek to the end  {seek:>9.4} ms");
    let start = Instant::now();
    for (key, id) in keys.iter().step_by(100) {
        order.remove(key.as_bytes(), *id);
        order.insert(key.as_bytes(), *id);
    }
    println!(
        "change an order  {:>9.5} ms",
        millis(start.elapsed()) / 20_000.0
    );
    println!();
}

/// Planning, which is all of a list but reading its rows.
fn measure_plans(users: &[(String, String)]) {
    let mut builder = IndexBuilder::default();
    for (key, id) in sorted_keys(users, |(name, _)| fold(name).into_owned()) {
        builder.append(SortField::Name, key.as_bytes(), id);
    }
    for (key, id) in sorted_keys(users, |(_, email)| email.clone()) {
        builder.append(SortField::Email, key.as_bytes(), id);
    }
    for (id, (name, email)) in (1_u32..).zip(users) {
        builder.append(SortField::UpdateTime, &u64::from(id).to_be_bytes(), id);
        builder.set_texts(id, &fold(name), email);
        if id % 2 == 0 {
            builder.add_sample(id);
        }
    }
    let snapshot = builder.build(Revision(USERS.into())).snapshot();
    println!("{:40} {:>9} {:>9}", "plan page 10,000", "best ms", "p99 ms");
    for (query, filter) in [
        ("", IdFilter::All),
        ("", IdFilter::Except(snapshot.samples().clone())),
        ("example", IdFilter::All),
        ("sokolow", IdFilter::All),
    ] {
        for order_by in ["", "id desc", "name", "email desc", "update_time"] {
            let (best, p99, _) = measure(|| plan_page(query, filter.clone(), order_by, &snapshot));
            let kind = match filter {
                IdFilter::All => "",
                _ => "no samples",
            };
            println!("{query:10} {order_by:16} {kind:12} {best:>9.3} {p99:>9.3}");
        }
    }
}

fn plan_page(query: &str, filter: IdFilter, order_by: &str, snapshot: &Snapshot) -> Plan {
    let query = Query::parse(query).ok().flatten();
    let query = query.as_ref().map(ParsedQuery::new);
    let number = NonZeroU32::new(10_000).unwrap_or(NonZeroU32::MIN);
    let request = ListRequest {
        query: query.as_ref(),
        exact: &[],
        order_by: OrderBy::parse(order_by).ok().flatten(),
        filter,
        range: &ListRange::Page(Page::new(number, 50)),
    };
    plan(request, snapshot)
}

fn sorted_keys(
    users: &[(String, String)],
    key: impl Fn(&(String, String)) -> String,
) -> Vec<(String, u32)> {
    let mut keys: Vec<_> = users.iter().map(key).zip(1..).collect();
    keys.sort();
    keys
}

fn user(number: u32) -> (String, String) {
    // Multiplicative hashing, so that neighbors differ.
    let mixed = number.wrapping_mul(2_654_435_761) >> 8;
    let (first, last) = (FIRST[mixed as usize % 24], LAST[mixed as usize / 24 % 24]);
    let domain = ["com", "net", "org"][mixed as usize / 576 % 3];
    let local = fold(first);
    let local = if local.is_ascii() { &local } else { "user" };
    (
        format!("{first} {last}"),
        format!("{local}.{number}@example.{domain}"),
    )
}

/// The fastest and the 99th percentile of some rounds, in milliseconds, and the last result.
fn measure<T>(mut work: impl FnMut() -> T) -> (f64, f64, T) {
    let last = work();
    let round = |_| {
        let start = Instant::now();
        std::hint::black_box(work());
        start.elapsed()
    };
    let mut times: Vec<Duration> = (0..ROUNDS).map(round).collect();
    times.sort();
    (millis(times[0]), millis(times[ROUNDS * 99 / 100]), last)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The resident memory of this process in bytes; 0 if the system does not report it.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = status
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<usize>().ok());
    pages.unwrap_or(0) * 4096
}
