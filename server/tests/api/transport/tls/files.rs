//! Invalid certificate and key files.

use std::{fs, path::PathBuf, process::Command};

use super::Certificate;
use crate::helpers::serve_command;

#[test]
fn an_invalid_file_is_named_in_one_line() {
    let certificate = Certificate::new();
    let other = Certificate::new();
    let data = certificate.0.path().join("data");
    let empty = certificate.0.path().join("empty.pem");
    fs::write(&empty, "no PEM section").expect("file access");
    let missing = certificate.0.path().join("missing.pem");
    // Opening a pipe would block until it has a writer.
    let pipe = certificate.0.path().join("pipe.pem");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo runs").success());
    let endless = PathBuf::from("/dev/zero");
    let (cert, key) = (certificate.cert(), certificate.key());
    let [truncated_cert, truncated_key] = [&cert, &key].map(|file| {
        let truncated = file.with_extension("truncated.pem");
        let content = fs::read(file).expect("file access");
        fs::write(&truncated, &content[..content.len() / 2]).expect("file access");
        truncated
    });
    for (cert, key, named) in [
        (Some(&cert), None, "--tls-key"),
        (None, Some(&key), "--tls-cert"),
        (Some(&missing), Some(&key), "missing.pem"),
        (Some(&cert), Some(&missing), "missing.pem"),
        (Some(&empty), Some(&key), "empty.pem"),
        (Some(&cert), Some(&empty), "empty.pem"),
        (Some(&pipe), Some(&key), "pipe.pem"),
        (Some(&cert), Some(&endless), "/dev/zero"),
        (Some(&cert), Some(&other.key()), "--tls-key"),
        (Some(&truncated_cert), Some(&key), "the file is truncated"),
        (Some(&cert), Some(&truncated_key), "the file is truncated"),
        (Some(&key), Some(&cert), "--tls-cert"),
    ] {
        let mut command = serve_command(&data);
        for (flag, file) in [("--tls-cert", cert), ("--tls-key", key)] {
            if let Some(file) = file {
                command.arg(flag).arg(file);
            }
        }
        let output = command.output().expect("command runs");
        let text = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert_eq!(text.trim_end().lines().count(), 1, "{text}");
        assert!(text.contains(named), "{named}: {text}");
        assert!(!data.exists(), "the data directory was created");
    }
}
