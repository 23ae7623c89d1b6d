//! What stands in an import's way: a full disk, a closed pipe, another Frontdesk.

use std::{
    fmt::Write as _,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::Stdio,
};

use crate::{
    binary::{Place, text, total},
    helpers::{exported, refused},
};

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
        "(on disk: {rows} rows: {new} new, 0 changed, 0 already there, 1 refused \
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
fn a_folder_that_another_frontdesk_holds_names_it_and_can_be_exported_all_the_same() {
    let place = Place::new();
    let mut command = place.frontdesk(&["import", "-"]);
    let mut holder = command.stdin(Stdio::piped()).spawn().expect("it runs");
    let mut input = holder.stdin.take().expect("its input");
    // It has the folder when it has said something: the headings and one full batch are in.
    input.write_all(b"name,email,x\n").expect("it reads");
    let mut lines = BufReader::new(holder.stderr.take().expect("its errors")).lines();
    let made = lines.next().expect("a line").expect("text");
    assert!(made.contains("a new one is made"), "{made}");
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
