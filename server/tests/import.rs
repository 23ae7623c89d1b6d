//! `frontdesk import`, `export` and `seed`, as people type them.

mod binary;

use std::{
    fmt::Write as _,
    fs,
    io::{BufRead, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use binary::{Place, assert_sound, text, total};

const PEOPLE: &[u8] = include_bytes!("data/people.csv");

/// Names and emails of the fixture, read by other means than those that are tested.
fn expected() -> Vec<(String, String)> {
    let mut reader = csv::Reader::from_reader(PEOPLE);
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| (format!("{} {}", &row[2], &row[3]), row[5].to_owned()))
        .collect()
}

fn exported(place: &Place) -> Vec<(String, String)> {
    let csv = place.run(&["export"]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers().expect("headings"), vec!["name", "email"]);
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| (row[0].to_owned(), row[1].to_owned()))
        .collect()
}

/// The real people, where this checkout has them beside it.
fn real_people() -> Option<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/people-20000.csv");
    file.exists().then_some(file)
}

/// Runs a command that is to fail with this exit code; answers the one line it says why in.
fn refused(place: &Place, arguments: &[&str], code: i32) -> String {
    let output = place
        .frontdesk(arguments)
        .output()
        .expect("the binary runs");
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {errors}");
    let why = errors.lines().last().unwrap_or_default();
    assert!(why.starts_with("frontdesk: "), "{errors}");
    why.to_owned()
}

/// Runs a command with `input` on its standard input.
fn fed(place: &Place, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = place.frontdesk(arguments);
    let mut child = command
        .stdin(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut stdin = child.stdin.take().expect("its input");
    stdin.write_all(input).expect("it reads");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

#[test]
fn people_of_all_scripts_are_imported_to_the_letter() {
    let place = Place::new();
    place.write("people.csv", PEOPLE);
    let expected = expected();
    let count = expected.len();
    let output = place
        .frontdesk(&["import", "people.csv"])
        .output()
        .expect("it runs");
    let said = text(&output.stdout);
    assert_eq!(
        said,
        format!("{count} rows: {count} new, 0 already there, 0 refused\n")
    );
    let progress = text(&output.stderr);
    let ignored = "columns not used: Index, User Id, Sex, Phone, Date of birth, Job Title";
    assert!(progress.lines().any(|line| line == ignored), "{progress}");
    assert_eq!(
        progress.lines().last(),
        Some(format!("{count} rows: {count} new, 0 already there, 0 refused so far").as_str())
    );
    let people = exported(&place);
    assert_eq!(
        people[0],
        ("John Doe".to_owned(), "john@example.com".to_owned())
    );
    assert_eq!(people[1_000..], expected);
    assert!(!place.path("people.rejected.csv").exists());
    assert_sound(&place.database());
}

#[test]
fn the_real_people_are_imported_once_however_often_they_are_sent() {
    let place = Place::new();
    let rows = if let Some(file) = real_people() {
        fs::copy(file, place.path("people.csv")).expect("a copy");
        20_000
    } else {
        let mut people = String::new();
        for number in 0..5_000 {
            write!(people, "名 {number},p{number}@example.org\r\n").expect("text");
        }
        place.write("people.csv", format!("\u{feff}Name,E-Mail\r\n{people}"));
        5_000
    };
    let first = place.run(&["import", "people.csv"]);
    assert_eq!(
        first,
        format!("{rows} rows: {rows} new, 0 already there, 0 refused\n")
    );
    let second = place.run(&["import", "people.csv"]);
    assert_eq!(
        second,
        format!("{rows} rows: 0 new, {rows} already there, 0 refused\n")
    );
    let db = place.database();
    assert_eq!(total(&db), rows + 1_000);
    assert_sound(&db);
}

#[test]
fn what_is_exported_can_be_imported_elsewhere() {
    let here = Place::new();
    here.write("people.csv", PEOPLE);
    here.run(&["import", "people.csv"]);
    here.run(&["export", "all.csv"]);
    let there = Place::new();
    there.run(&["seed", "--remove"]);
    let all = here.path("all.csv");
    there.run(&["import", all.to_str().expect("a path")]);
    assert_eq!(exported(&there), exported(&here));
}

#[test]
fn an_export_never_takes_a_directorys_place_nor_half_of_an_older_files() {
    let place = Place::new();
    place.write("people.csv", PEOPLE);
    place.run(&["import", "people.csv"]);
    let before = exported(&place);
    let database = fs::read_dir(place.path("."))
        .expect("the folder")
        .flatten()
        .map(|entry| entry.path().join("frontdesk.db"))
        .find(|database| database.exists())
        .expect("a database");
    let said = refused(&place, &["export", database.to_str().expect("a path")], 2);
    assert!(said.contains("not written over"), "{said}");
    let lock = database.with_file_name("frontdesk.lock");
    refused(&place, &["export", lock.to_str().expect("a path")], 2);
    assert_eq!(exported(&place), before);

    // An older file is replaced as a whole, and nothing else is left beside it.
    place.write("all.csv", b"older\n");
    place.run(&["export", "all.csv"]);
    let written = fs::read_to_string(place.path("all.csv")).expect("a file");
    assert_eq!(written.lines().count(), before.len() + 1);
    let left = fs::read_dir(place.path("."))
        .expect("the folder")
        .flatten()
        .any(|entry| {
            entry
                .file_name()
                .to_string_lossy()
                .starts_with(".frontdesk")
        });
    assert!(!left, "what was written to in between is still there");
}

#[test]
fn rows_that_are_refused_are_listed_with_line_and_reason_and_the_rest_is_kept() {
    let place = Place::new();
    let mut file = b"Email;not a column,Last Name,First Name,E-Mail\r\n\
        a,Lovelace,Ada,ada@example.org\r\n\
        \r\n\
        b,\"two\r\nlines\",Bob,bob@example.org\r\n\
        c,,,nobody@example.org\r\n\
        d,Hopper,Grace,grace.example.org\r\n"
        .to_vec();
    file.extend(b"e,Jos\xe9,X,jose@example.org\n");
    file.extend(b"f,Else,Somebody,ADA@example.org\nf\ng,Byron,,byron@example.org\n");
    file.extend(b"h,Doe,John,john@example.com\n");
    place.write("Staff.CSV", file);
    let said = place.run(&["import", "Staff.CSV"]);
    let sum = "9 rows: 2 new, 1 already there, 6 refused (listed in Staff.rejected.csv)\n";
    assert_eq!(said, sum);
    let rejected = fs::read(place.path("Staff.rejected.csv")).expect("the list");
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(&rejected[..]);
    let headings = reader.byte_headers().expect("headings").clone();
    assert_eq!(
        headings,
        vec![
            "line",
            "reason",
            "Email;not a column",
            "Last Name",
            "First Name",
            "E-Mail"
        ]
    );
    let rows: Vec<_> = reader
        .byte_records()
        .map(|row| row.expect("a row"))
        .collect();
    let found: Vec<_> = rows
        .iter()
        .map(|row| (text(&row[0]), text(&row[1])))
        .collect();
    let listed = |line: &str, reason: &str| (line.to_owned(), reason.to_owned());
    assert_eq!(
        found,
        [
            listed(
                "4",
                "a name has no control characters; by its quotation marks the row goes on to line 5"
            ),
            listed("6", "a name is needed"),
            listed("7", "not an email address: the @ is missing"),
            listed("8", "the last name is not UTF-8"),
            listed("9", "user 1001 has this email and another name"),
            listed("10", "the row ends before its first name"),
        ]
    );
    assert_eq!(&rows[3][3], b"Jos\xe9", "the row's own bytes");
    assert_eq!(
        exported(&place).last().map(|(name, _)| name.clone()),
        Some("Byron".to_owned())
    );
}

#[test]
fn a_list_of_refused_rows_can_be_corrected_and_imported() {
    let place = Place::new();
    place.write("people.csv", "name,email\nAda,ada.example.org\n");
    place.run(&["import", "people.csv"]);
    let corrected = place
        .read("people.rejected.csv")
        .replace("ada.example", "ada@example");
    place.write("corrected.csv", corrected);
    let said = place.run(&["import", "corrected.csv"]);
    assert_eq!(said, "1 row: 1 new, 0 already there, 0 refused\n");
    place.write("people.csv", "name,email\nAda,ada@example.org\n");
    place.run(&["import", "people.csv"]);
    assert!(!place.path("people.rejected.csv").exists(), "the old list");
}

#[test]
fn standard_input_is_a_file_like_any_other() {
    let place = Place::new();
    let output = fed(
        &place,
        &["import", "-"],
        b"\xef\xbb\xbfEMAIL,NAME\r\nada@example.org,Ada\r\nx,y\r\n",
    );
    assert!(output.status.success());
    let sum = "2 rows: 1 new, 0 already there, 1 refused (listed in stdin.rejected.csv)\n";
    assert_eq!(text(&output.stdout), sum);
    assert!(place.read("stdin.rejected.csv").ends_with(",x,y\n"));
}

#[test]
fn a_file_that_cannot_be_used_is_refused_and_leaves_nothing_behind() {
    let place = Place::new();
    place.write("empty.csv", "");
    place.write("phones.csv", "First Name,Phone\nAda,1\n");
    place.write("twice.csv", "name,email,E-Mail\n");
    for (file, words) in [
        ("missing.csv", &["can't be read"][..]),
        (".", &["a folder"]),
        ("empty.csv", &["is empty"]),
        (
            "phones.csv",
            &["\"last name\"", "\"email\"", "First Name, Phone"],
        ),
        ("twice.csv", &["\"email\" and \"E-Mail\""]),
    ] {
        let why = refused(&place, &["import", file], 2);
        for word in words.iter().chain(&[file]) {
            assert!(why.contains(word), "{why}");
        }
    }
    assert!(!place.path("data").exists(), "a folder was made");
}

#[test]
fn rows_before_a_quotation_mark_that_is_never_closed_are_kept() {
    for rows in [2, 100_000] {
        let place = Place::new();
        let rest = "Grace,grace@example.org\n".repeat(rows);
        place.write(
            "people.csv",
            format!("name,email\nAda,ada@example.org\n\"Bob,{rest}"),
        );
        let why = refused(&place, &["import", "people.csv"], 2);
        for words in [
            "people.csv: line 3: a quotation mark is opened here and ",
            "(on disk: 1 row: 1 new, 0 already there, 0 refused)",
        ] {
            assert!(why.contains(words), "{why}");
        }
        assert_eq!(exported(&place).len(), 1_001);
        assert!(!place.path("people.rejected.csv").exists());
    }
}

#[test]
fn what_is_said_of_the_rows_adds_up() {
    let place = Place::new();
    place.write(
        "people.csv",
        "name,email\nAda,ada@example.org\nAda,ADA@example.org\nx,y\nBob,ada@example.org\n\"",
    );
    let why = refused(&place, &["import", "people.csv"], 2);
    let sum = "(on disk: 4 rows: 1 new, 1 already there, 2 refused \
               (listed in people.rejected.csv))";
    assert!(why.ends_with(sum), "{why}");
    place.write("people.csv", "name,email\n\"Ada");
    let why = refused(&place, &["import", "people.csv"], 2);
    assert!(
        why.ends_with("never closed (nothing was imported)"),
        "{why}"
    );
}

#[test]
fn a_file_that_is_no_list_of_refused_rows_is_never_replaced() {
    let place = Place::new();
    place.write("people.csv", "name,email\nAda,ada@example.org\nx,y\n");
    place.write("people.rejected.csv", "my own notes\n");
    let why = refused(&place, &["import", "people.csv"], 2);
    for words in ["people.rejected.csv: ", "another file", "--rejected"] {
        assert!(why.contains(words), "{why}");
    }
    assert!(!place.path("data").exists(), "something was imported");
    assert_eq!(place.read("people.rejected.csv"), "my own notes\n");

    let elsewhere = ["import", "people.csv", "--rejected", "refused.csv"];
    for _ in 0..2 {
        let said = place.run(&elsewhere);
        assert!(said.ends_with("(listed in refused.csv)\n"), "{said}");
        assert_eq!(place.read("refused.csv").lines().count(), 2);
    }
    assert_eq!(place.read("people.rejected.csv"), "my own notes\n");
    place.run(&["import", "people.csv", "--rejected", "/dev/null"]);

    place.write(
        "people.csv",
        "line,reason,name,email\n1,why,Ada,ada@example.org\n",
    );
    let itself = ["import", "people.csv", "--rejected", "./people.csv"];
    let why = refused(&place, &itself, 2);
    assert!(why.contains("the file that is imported"), "{why}");
    assert!(place.path("people.csv").exists());
}

#[test]
fn a_list_that_cannot_be_written_is_found_out_before_anything_is_imported() {
    let place = Place::new();
    place.write("people.csv", "name,email\nAda,ada@example.org\n");
    fs::create_dir(place.path("people.rejected.csv")).expect("a folder in its place");
    for list in [
        &["people.csv"][..],
        &["people.csv", "--rejected", "no/such/folder.csv"],
    ] {
        let why = refused(&place, &[&["import"], list].concat(), 2);
        assert!(why.contains("refused rows can't be listed there"), "{why}");
    }
    assert!(!place.path("data").exists(), "something was imported");
}

#[test]
fn an_import_that_breaks_off_says_exactly_what_is_on_disk() {
    // A device that takes nothing: what is refused can't be listed.
    let full = Path::new("/dev/full");
    if !full.exists() {
        return;
    }
    let place = Place::new();
    let mut people = String::from("name,email\nx,y\n");
    for number in 0..60_000 {
        writeln!(people, "Ada,ada{number}@example.org").expect("text");
    }
    place.write("people.csv", people);
    let why = refused(
        &place,
        &["import", "people.csv", "--rejected", "/dev/full"],
        1,
    );
    let new = total(&place.database()) - 1_000;
    let rows = new + 1;
    let sum = format!(
        "(on disk: {rows} rows: {new} new, 0 already there, 1 refused \
         (not all of them listed))"
    );
    assert!(
        why.contains("can't be listed") && why.ends_with(&sum),
        "{why}"
    );
}

#[test]
fn what_a_file_says_of_itself_cannot_steer_the_terminal() {
    let place = Place::new();
    place.write(
        "people.csv",
        "name,email,\u{1b}]0;gone\u{7}\nAda,ada@example.org\n",
    );
    let output = place
        .frontdesk(&["import", "people.csv"])
        .output()
        .expect("it runs");
    assert!(output.status.success());
    place.write("phones.csv", "\u{1b}[2J,\u{9b}31m\n");
    let said = [
        text(&output.stderr),
        refused(&place, &["import", "phones.csv"], 2),
    ];
    for said in said {
        let steers = |c: char| c.is_control() && c != '\n';
        assert!(
            said.contains("\\u{1b}") && !said.contains(steers),
            "{said:?}"
        );
    }
}

#[test]
fn a_file_in_utf16_is_told_with_and_without_its_mark() {
    let place = Place::new();
    for mark in ["", "\u{feff}"] {
        let people = format!("{mark}\"name\",email\r\nAda,ada@example.org\r\n");
        let people: Vec<_> = people.encode_utf16().flat_map(u16::to_le_bytes).collect();
        place.write("people.csv", people);
        let why = refused(&place, &["import", "people.csv"], 2);
        assert!(why.contains("UTF-16") && why.contains("iconv"), "{why}");
        assert!(!why.contains(char::is_control), "{why:?}");
    }
    assert!(!place.path("data").exists(), "a folder was made");
}

#[test]
fn a_folder_that_another_frontdesk_holds_names_it_and_can_be_exported_all_the_same() {
    let place = Place::new();
    let mut command = place.frontdesk(&["import", "-"]);
    let mut holder = command.stdin(Stdio::piped()).spawn().expect("it runs");
    let mut input = holder.stdin.take().expect("its input");
    // It has the folder when it has said something: the headings and one full batch are in.
    input.write_all(b"name,email,x\n").expect("it reads");
    let mut lines = BufReader::new(holder.stderr.take().expect("its errors")).lines();
    assert_eq!(
        lines.next().expect("a line").expect("text"),
        "columns not used: x"
    );

    place.write("people.csv", "name,email\nAda,ada@example.org\n");
    let process = format!("frontdesk import, process {}", holder.id());
    for command in [
        &["import", "people.csv"][..],
        &["seed", "--count", "1"],
        &["seed", "--remove"],
    ] {
        let why = refused(&place, command, 2);
        assert!(why.contains(&process) && why.contains("--data"), "{why}");
    }
    assert_eq!(exported(&place).len(), 1_000);

    drop(input);
    assert!(holder.wait().expect("it ends").success());
    place.run(&["import", "people.csv"]);
}

#[test]
fn an_export_needs_a_directory_and_leaves_no_file_without_one() {
    let place = Place::new();
    let why = refused(&place, &["export", "all.csv"], 2);
    assert!(why.contains("no directory yet"), "{why}");
    assert!(!place.path("all.csv").exists() && !place.path("data").exists());
    let output = place.frontdesk(&["export"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), "", "a heading without a directory");
}

#[test]
fn an_export_whose_reader_has_read_enough_ends_quietly() {
    let place = Place::new();
    place.run(&["seed", "--count", "20000"]);
    let mut export = place.frontdesk(&["export"]).spawn().expect("it runs");
    let mut lines = BufReader::new(export.stdout.take().expect("its output")).lines();
    assert_eq!(lines.next().expect("a line").expect("text"), "name,email");
    drop(lines);
    let output = export.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_word_that_cannot_be_said_is_no_panic() {
    let place = Place::new();
    place.write("people.csv", "name,email\nAda,ada@example.org\n");
    let full = || {
        let options = fs::OpenOptions::new().write(true).open("/dev/full");
        Stdio::from(options.expect("a disk that is full"))
    };
    for (arguments, done) in [
        (&["import", "people.csv"][..], "1 new"),
        (&["seed", "--count", "3"], "3 sample people added"),
    ] {
        let output = place.frontdesk(arguments).stdout(full()).output();
        let output = output.expect("it runs");
        let said = text(&output.stderr);
        let last = said.lines().last().unwrap_or_default();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(last.starts_with("frontdesk: standard output: "), "{said}");
        assert!(last.contains(done), "what was done is not said: {said}");
    }
    assert_eq!(total(&place.database()), 1_004);

    let refused = place
        .frontdesk(&["import", "nothing.csv"])
        .stderr(full())
        .status();
    assert_eq!(refused.expect("it runs").code(), Some(2));

    let mut seed = place.frontdesk(&["seed", "--remove"]);
    let mut seed = seed.spawn().expect("it runs");
    drop((seed.stdout.take(), seed.stderr.take()));
    assert!(seed.wait().expect("it ends").success(), "nobody listening");
}

#[test]
fn a_million_columns_are_not_named_one_by_one() {
    let place = Place::new();
    let columns = ",column".repeat(100_000);
    place.write(
        "people.csv",
        format!("name,email{columns}\nAda,ada@example.org\n"),
    );
    let output = place.frontdesk(&["import", "people.csv"]).output();
    let said = text(&output.expect("it runs").stderr);
    let first = said.lines().next().unwrap_or_default();
    assert!(first.ends_with("… (100000 in all)"), "{}", first.len());
    assert!(first.len() < 1_100, "{}", first.len());
}

#[test]
fn samples_come_and_go_and_nobody_else() {
    let place = Place::new();
    place.write("people.csv", PEOPLE);
    place.run(&["import", "people.csv"]);
    assert_eq!(
        place.run(&["seed", "--count", "25000"]),
        "25000 sample people added\n"
    );
    let db = place.database();
    assert_eq!(total(&db), 1_000 + expected().len() as u64 + 25_000);
    assert_sound(&db);
    drop(db);
    assert_eq!(
        place.run(&["seed", "--remove"]),
        "25999 sample people removed\n"
    );
    assert_eq!(exported(&place)[1..], expected());
    assert_sound(&place.database());
    assert_eq!(
        place.run(&["seed", "--remove"]),
        "0 sample people removed\n"
    );
}
