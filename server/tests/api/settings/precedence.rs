//! Flags override variables, and variables override the file.

use std::fs;

use super::temp_dir;
use crate::helpers::{ServerProcess, frontdesk};

#[test]
fn a_flag_overrides_a_variable_and_a_variable_overrides_the_file() {
    let home = temp_dir();
    let file = home.path().join("frontdesk.toml");
    let folders = ["file", "variable", "flag"].map(|name| home.path().join(name));
    fs::write(
        &file,
        format!("listen = [\"127.0.0.1:0\"]\ndata = {:?}\n", folders[0]),
    )
    .expect("file access");

    let mut by_file = frontdesk();
    by_file.arg("--config").arg(&file);
    drop(ServerProcess::start(&mut by_file));
    assert!(folders[0].is_dir());

    let mut by_variable = frontdesk();
    by_variable
        .arg("--config")
        .arg(&file)
        .env("FRONTDESK_DATA", &folders[1]);
    drop(ServerProcess::start(&mut by_variable));
    assert!(folders[1].is_dir());

    let mut by_flag = frontdesk();
    by_flag
        .arg("--config")
        .arg(&file)
        .env("FRONTDESK_DATA", &folders[1]);
    by_flag.arg("--data").arg(&folders[2]);
    drop(ServerProcess::start(&mut by_flag));
    assert!(folders[2].is_dir());
}
