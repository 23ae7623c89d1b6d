//! When a process is killed at any moment, no acknowledged change is lost.

#![cfg(unix)]

mod binary;

use std::{
    collections::HashSet,
    fmt::Write,
    io::{BufRead, BufReader},
    os::unix::process::ExitStatusExt,
};

use binary::{Workspace, assert_intact, count_users};

const ROWS: u64 = 100_000;
const SIGKILL: i32 = 9;

fn csv_file() -> String {
    let mut file = String::from("Given name,Family name,E-mail,Note\n");
    for number in 0..ROWS {
        // Scattered, so that each commit writes to pages all over the index of email addresses.
        let scattered = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        writeln!(file, "Ada,Nº {number},p{scattered:x}@example.org,note").expect("text");
    }
    file
}

fn email(row: &str) -> &str {
    row.split(',').nth(2).expect("an email")
}

/// Runs an import and kills it after `lines` lines of progress. Returns the number of acknowledged
/// rows, and whether it was still running.
fn kill_import(workspace: &Workspace, lines: usize) -> (usize, bool) {
    let mut import = workspace
        .frontdesk(&["import", "users.csv"])
        .spawn()
        .expect("it runs");
    let mut errors = BufReader::new(import.stderr.take().expect("its errors")).lines();
    let before: Vec<_> = errors.by_ref().take(lines).collect();
    import.kill().expect("killed");
    let status = import.wait().expect("it ends");
    // Lines that were written before the signal arrived count as well.
    let progress: Vec<_> = before
        .into_iter()
        .chain(errors)
        .collect::<Result<_, _>>()
        .expect("text");
    let acknowledged = progress
        .iter()
        .filter(|line| line.ends_with(" so far"))
        .filter_map(|line| line.split_once(" rows: ")?.0.parse().ok());
    (
        acknowledged.max().unwrap_or(0),
        status.signal() == Some(SIGKILL),
    )
}

#[test]
fn twenty_killed_imports_lose_no_acknowledged_row_and_import_no_user_twice() {
    let file = csv_file();
    let rows: Vec<_> = file.lines().skip(1).collect();
    let mut kills = 0;
    for round in 0.. {
        let workspace = Workspace::new();
        workspace.write("users.csv", &file);
        // Four kills in one data directory: each run starts from what the previous one left.
        for lines in 0..4 {
            let (acknowledged, was_running) = kill_import(&workspace, lines + round % 4);
            kills += u32::from(was_running);
            if acknowledged == 0 {
                // Perhaps there is no directory yet; the next run shows whether it can start.
                continue;
            }
            // Read with the write-ahead log that the killed process left.
            workspace.run(&["export", "--force", "all.csv"]);
            let all = workspace.read("all.csv");
            let exported: HashSet<_> = all
                .lines()
                .filter_map(|line| line.split(',').nth(1))
                .collect();
            let missing = rows[..acknowledged]
                .iter()
                .filter(|row| !exported.contains(email(row)));
            assert_eq!(missing.count(), 0, "of {acknowledged} acknowledged rows");
            assert_intact(&workspace.database());
        }
        let summary = workspace.run(&["import", "users.csv"]);
        // Batches imported before a kill are reported as the first time: no row is unchanged.
        let expected = "100000 rows: 100000 created, 0 updated, 0 unchanged, 0 rejected\n";
        assert_eq!(summary, expected);
        let db = workspace.database();
        assert_eq!(count_users(&db), 1_000 + ROWS);
        assert_intact(&db);
        if kills >= 20 {
            return;
        }
        assert!(
            round < 20,
            "only {kills} imports were still running when they were killed"
        );
    }
}

#[test]
fn a_kill_during_the_first_start_leaves_a_new_directory_new() {
    for _ in 0..10 {
        let workspace = Workspace::new();
        let database = workspace.path("data/frontdesk.db");
        let mut seed = workspace
            .frontdesk(&["seed", "--count", "1"])
            .spawn()
            .expect("it runs");
        while !database.exists() && seed.try_wait().expect("its state").is_none() {
            std::thread::yield_now();
        }
        seed.kill().expect("killed");
        seed.wait().expect("it ends");
        workspace.run(&["seed", "--remove"]);
        let db = workspace.database();
        assert_eq!(count_users(&db), 1);
        assert_intact(&db);
        drop(db);
        // The samples of the first start are created in one transaction.
        assert_eq!(
            workspace.run(&["seed", "--count", "1"]),
            "sample users added: 1\n"
        );
    }
}
