//! What a million users cost, and how long it takes to find some of them: run it with `--release`.
#![expect(clippy::cast_precision_loss, reason = "figures to look at")]

use std::time::{Duration, Instant};

use frontdesk_directory::text::{SearchTerm, fold};
use frontdesk_search::{Order, TextIndex};

const USERS: u32 = 1_000_000;
const ROUNDS: u32 = 15;

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
const NEEDLES: [&str; 20] = [
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
    let people: Vec<(String, String)> = (0..USERS).map(person).collect();
    let resident = resident();
    let start = Instant::now();
    let mut texts = TextIndex::new();
    for (id, (name, email)) in (1..).zip(&people) {
        texts.set(id, &fold(name), &fold(email));
    }
    println!("folding, loading {:>9.1} ms", millis(start.elapsed()));
    println!(
        "in memory        {:>9.1} MB",
        (self::resident() - resident) as f64 / 1e6
    );
    println!();

    println!(
        "{:24} {:>9} {:>9} {:>9}",
        "", "matches", "find ms", "bits ms"
    );
    for typed in NEEDLES {
        let Some(needle) = SearchTerm::new(typed) else {
            continue;
        };
        let (find, found) = measured(|| texts.find(&needle, 1000));
        let (bits, _) = measured(|| texts.bits(&needle));
        println!("{typed:24} {:>9} {find:>9.2} {bits:>9.2}", found.total());
    }
    println!();
    changes(&mut texts);
    order(&people);
}

/// One commit after another, each with a searcher that still has the texts of the one before.
fn changes(texts: &mut TextIndex) {
    let start = Instant::now();
    let mut before = texts.snapshot();
    for turn in 0..1000 {
        texts.set(
            turn * 997,
            "ada lovelace",
            "ada.lovelace.the.second@example.com",
        );
        before = texts.snapshot();
    }
    drop(before);
    println!(
        "a change         {:>9.4} ms",
        millis(start.elapsed()) / 1000.0
    );
}

fn order(people: &[(String, String)]) {
    let mut keys: Vec<(Vec<u8>, u32)> = (1..)
        .zip(people)
        .map(|(id, (name, _))| (fold(name).as_bytes().to_vec(), id))
        .collect();
    keys.sort();
    let resident = resident();
    let start = Instant::now();
    let mut order = Order::load(keys.iter().map(|(key, id)| (key, *id)));
    println!("loading an order {:>9.1} ms", millis(start.elapsed()));
    println!(
        "in memory        {:>9.3} MB",
        self::resident().saturating_sub(resident) as f64 / 1e6
    );
    let (seek, _) = measured(|| order.seek(u64::from(USERS) - 10).map(|place| place.rest));
    println!("to its end       {seek:>9.4} ms");
    let start = Instant::now();
    for (key, id) in keys.iter().step_by(100) {
        order.removed(key, *id);
        order.added(key, *id);
    }
    println!(
        "a change         {:>9.5} ms",
        millis(start.elapsed()) / 20_000.0
    );
}

fn person(number: u32) -> (String, String) {
    // Odd steps, so that neighbours are not alike.
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

/// The fastest of some rounds, in milliseconds: others may want the machine too.
fn measured<T>(mut turn: impl FnMut() -> T) -> (f64, T) {
    let last = turn();
    let round = |_| {
        let start = Instant::now();
        std::hint::black_box(turn());
        start.elapsed()
    };
    let fastest = (0..ROUNDS).map(round).min();
    (millis(fastest.unwrap_or_default()), last)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The memory that this process has in use, in bytes; 0 where nobody says.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = status
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<usize>().ok());
    pages.unwrap_or(0) * 4096
}
