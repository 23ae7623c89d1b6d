//! The address and the data directory.

use std::{fs, net::TcpListener};

use super::{assert_one_line, rejection, temp_dir};
use crate::helpers::{ServerProcess, frontdesk, serve_command};

#[test]
fn a_port_in_use_is_named_and_no_directory_is_created() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("free port");
    let address = listener.local_addr().expect("valid address").to_string();
    let home = temp_dir();
    let data = home.path().join("data");
    let text = rejection(
        frontdesk()
            .args(["--listen", &address, "--data"])
            .arg(&data),
    );
    assert_one_line(&text);
    assert!(
        text.contains("--listen") && text.contains(&address),
        "{text}"
    );
    assert!(!data.exists(), "the directory was created");
}

#[test]
fn a_directory_that_cannot_be_created_is_named() {
    let home = temp_dir();
    let file = home.path().join("file");
    fs::write(&file, "").expect("file access");
    let data = file.join("data");
    let text = rejection(&mut serve_command(&data));
    assert_one_line(&text);
    assert!(text.contains("--data"), "{text}");
}

#[test]
fn the_process_that_has_locked_the_directory_is_named() {
    let data = temp_dir();
    let first = ServerProcess::start(&mut serve_command(data.path()));
    let text = rejection(&mut serve_command(data.path()));
    assert_one_line(&text);
    assert!(text.contains(&first.url), "{text}");
    assert!(text.contains(&first.id().to_string()), "{text}");
}
