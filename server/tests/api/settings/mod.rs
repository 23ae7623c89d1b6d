//! Settings: precedence, help, and one clear line for each mistake.

mod data_directory;
mod file;
mod flags;
mod help;
mod precedence;
mod variables;

use std::process::{Command, Output};

use tempfile::TempDir;

fn temp_dir() -> TempDir {
    tempfile::tempdir().expect("temporary directory")
}

/// Runs a command that must fail; returns standard error.
fn rejection(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("command runs");
    let text = String::from_utf8(stderr).expect("UTF-8");
    assert_eq!(status.code(), Some(2), "{text}");
    assert!(stdout.is_empty(), "output on stdout");
    text
}

fn assert_one_line(text: &str) {
    assert_eq!(text.trim_end().lines().count(), 1, "{text}");
}
