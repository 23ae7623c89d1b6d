//! Encoded requests.

use std::{fs, path::PathBuf};

use frontdesk::{greeter::HelloRequest, user::UserRequest};
use prost::Message;
use tempfile::TempDir;

use crate::Result;

/// Encodes a length-prefixed message, for gRPC and gRPC-Web.
pub(crate) fn encode(message: &impl Message) -> Result<Vec<u8>> {
    let body = message.encode_to_vec();
    let mut encoded = vec![0];
    encoded.extend(u32::try_from(body.len())?.to_be_bytes());
    encoded.extend(body);
    Ok(encoded)
}

/// Files with request bodies, for h2load.
pub(crate) struct RequestBodies {
    folder: TempDir,
}

impl RequestBodies {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            folder: TempDir::new()?,
        })
    }

    /// The data directory of a new directory.
    pub(crate) fn data_directory(&self) -> PathBuf {
        self.folder.path().join("directory")
    }

    /// `SayHello`.
    pub(crate) fn hello(&self) -> Result<PathBuf> {
        self.file("hello", &HelloRequest { name: "Ada".into() })
    }

    /// `GetUser`.
    pub(crate) fn user(&self, id: i32) -> Result<PathBuf> {
        self.file(&format!("user-{id}"), &UserRequest { id })
    }

    fn file(&self, name: &str, message: &impl Message) -> Result<PathBuf> {
        let path = self.folder.path().join(name);
        fs::write(&path, encode(message)?)?;
        Ok(path)
    }
}
