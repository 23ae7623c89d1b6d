//! Requests as bytes, as they go over the wire.

use std::{fs, path::PathBuf};

use frontdesk::{greeter::HelloRequest, user::UserRequest};
use prost::Message;
use tempfile::TempDir;

use crate::Outcome;

/// The length-prefixed message that gRPC and gRPC-Web both send.
pub(crate) fn framed(message: &impl Message) -> Outcome<Vec<u8>> {
    let body = message.encode_to_vec();
    let mut framed = vec![0];
    framed.extend(u32::try_from(body.len())?.to_be_bytes());
    framed.extend(body);
    Ok(framed)
}

/// Bodies in files, where h2load wants them.
pub(crate) struct Bodies {
    folder: TempDir,
}

impl Bodies {
    pub(crate) fn new() -> Outcome<Self> {
        Ok(Self {
            folder: TempDir::new()?,
        })
    }

    /// A folder for a new directory.
    pub(crate) fn empty(&self) -> PathBuf {
        self.folder.path().join("directory")
    }

    /// `SayHello` to somebody with a short name.
    pub(crate) fn hello(&self) -> Outcome<PathBuf> {
        self.file("hello", &HelloRequest { name: "Ada".into() })
    }

    /// `GetUser`.
    pub(crate) fn user(&self, id: i32) -> Outcome<PathBuf> {
        self.file(&format!("user-{id}"), &UserRequest { id })
    }

    fn file(&self, name: &str, message: &impl Message) -> Outcome<PathBuf> {
        let path = self.folder.path().join(name);
        fs::write(&path, framed(message)?)?;
        Ok(path)
    }
}
