//! The configuration file.

use std::{fs, process::Command};

use super::{assert_one_line, rejection, temp_dir};
use crate::helpers::{ServerProcess, frontdesk};

#[test]
fn an_invalid_file_is_named_with_the_position() {
    let home = temp_dir();
    let file = home.path().join("frontdesk.toml");
    for (content, expected) in [
        ("max_calls = \"many\"", "a whole number from 1"),
        ("data = \"x\"\n\nmax_calls = 1.5", "line 3, column 13: "),
        ("max_cals = 3", "max_cals"),
        ("max_calls = ", "frontdesk.toml: line 1, column 13: "),
        ("listen = [\"8080\"]", "like 127.0.0.1:50051"),
        ("listen = \"127.0.0.1:0,8080\"", "like 127.0.0.1:50051"),
        ("listen = 8080", "like 127.0.0.1:50051"),
    ] {
        fs::write(&file, content).expect("file access");
        let text = rejection(frontdesk().arg("--config").arg(&file));
        assert_one_line(&text);
        assert!(
            text.contains("--config") && text.contains(expected),
            "{content}: {text}"
        );
        // The parser's multi-line excerpt is removed.
        assert!(!text.contains('|') && !text.contains("u32"), "{text}");
    }
}

#[test]
fn a_missing_file_a_folder_and_a_pipe_are_named() {
    let home = temp_dir();
    let pipe = home.path().join("pipe.toml");
    let status = Command::new("mkfifo").arg(&pipe).status();
    assert!(status.expect("mkfifo runs").success());
    for (file, why) in [
        (home.path().join("missing.toml"), "No such file"),
        (home.path().to_path_buf(), "not a regular file"),
        (pipe, "not a regular file"),
    ] {
        let text = rejection(frontdesk().arg("--config").arg(&file));
        assert_one_line(&text);
        let named = format!("--config: {}: ", file.display());
        assert!(text.contains(&named) && text.contains(why), "{text}");
    }
}

#[test]
fn a_list_may_be_a_string_with_commas() {
    let home = temp_dir();
    let file = home.path().join("frontdesk.toml");
    let origins = "allow_origin = \"https://a.example, https://b.example\"";
    fs::write(&file, format!("listen = \"127.0.0.1:0\"\n{origins}\n")).expect("file access");
    let data = home.path().join("data");
    let mut command = frontdesk();
    command.arg("--config").arg(&file).arg("--data").arg(&data);
    let server = ServerProcess::start(&mut command);
    assert!(server.url.starts_with("http://127.0.0.1:"));
}
