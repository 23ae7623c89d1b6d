//! Killed without a warning, at any moment, nothing that was acknowledged is missing.

#![cfg(unix)]

mod binary;

use std::{
    collections::HashSet,
    fmt::Write,
    io::{BufRead, BufReader},
    os::unix::process::ExitStatusExt,
};

use binary::{Place, assert_sound, total};

const ROWS: u64 = 100_000;
const SIGKILL: i32 = 9;

fn people() -> String {
    let mut file = String::from("Given name,Family name,E-mail,Note\n");
    for number in 0..ROWS {
        // Emails in no order: each commit writes all over their index.
        let scattered = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        writeln!(file, "Ada,Nº {number},p{scattered:x}@example.org,note").expect("text");
    }
    file
}

fn email(row: &str) -> &str {
    row.split(',').nth(2).expect("an email")
}

/// Imports until `lines` lines have come, then kills. Answers the rows that were acknowledged, and
/// whether there was still somebody to kill.
fn killed_import(place: &Place, lines: usize) -> (usize, bool) {
    let mut import = place
        .frontdesk(&["import", "people.csv"])
        .spawn()
        .expect("it runs");
    let mut errors = BufReader::new(import.stderr.take().expect("its errors")).lines();
    let before: Vec<_> = errors.by_ref().take(lines).collect();
    import.kill().expect("killed");
    let status = import.wait().expect("it ends");
    // What it still said while it was killed counts as well.
    let said: Vec<_> = before
        .into_iter()
        .chain(errors)
        .collect::<Result<_, _>>()
        .expect("text");
    let kept = said.iter().filter(|line| line.ends_with(" so far"));
    let kept = kept.filter_map(|line| line.split_once(" rows: ")?.0.parse().ok());
    let kept = kept.max().unwrap_or(0);
    (kept, status.signal() == Some(SIGKILL))
}

#[test]
fn nothing_acknowledged_is_missing_after_twenty_kills_and_nobody_is_taken_twice() {
    let file = people();
    let rows: Vec<_> = file.lines().skip(1).collect();
    let mut kills = 0;
    for folder in 0.. {
        let place = Place::new();
        place.write("people.csv", &file);
        // Four in a row on each folder: what a kill leaves is what the next run starts from.
        for lines in 0..4 {
            let (kept, hit) = killed_import(&place, lines + folder % 4);
            kills += u32::from(hit);
            if kept == 0 {
                // Perhaps too early for a directory to be there: the next run tells.
                continue;
            }
            // As the next start finds it: with what the kill left in the WAL.
            place.run(&["export", "--force", "all.csv"]);
            let all = place.read("all.csv");
            let there: HashSet<_> = all
                .lines()
                .filter_map(|line| line.split(',').nth(1))
                .collect();
            let missing = rows[..kept]
                .iter()
                .filter(|row| !there.contains(email(row)));
            assert_eq!(missing.count(), 0, "of {kept} acknowledged rows");
            assert_sound(&place.database());
        }
        let said = place.run(&["import", "people.csv"]);
        // What was taken before a kill is answered as it was then: nobody is «already there».
        let sum = "100000 rows: 100000 new, 0 changed, 0 already there, 0 refused\n";
        assert_eq!(said, sum);
        let db = place.database();
        assert_eq!(total(&db), 1_000 + ROWS);
        assert_sound(&db);
        if kills >= 20 {
            return;
        }
        assert!(
            folder < 20,
            "only {kills} imports were still running when they were killed"
        );
    }
}

#[test]
fn a_kill_during_the_first_start_leaves_a_new_directory_new() {
    for _ in 0..10 {
        let place = Place::new();
        let database = place.path("data/frontdesk.db");
        let mut seed = place
            .frontdesk(&["seed", "--count", "1"])
            .spawn()
            .expect("it runs");
        while !database.exists() && seed.try_wait().expect("its state").is_none() {
            std::thread::yield_now();
        }
        seed.kill().expect("killed");
        seed.wait().expect("it ends");
        place.run(&["seed", "--remove"]);
        let db = place.database();
        assert_eq!(total(&db), 1);
        assert_sound(&db);
        drop(db);
        // However far it came: the samples of the first start were all there or not at all.
        assert_eq!(
            place.run(&["seed", "--count", "1"]),
            "1 sample people added\n"
        );
    }
}
