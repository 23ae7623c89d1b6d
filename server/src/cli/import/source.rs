//! The file that is imported.

use std::{
    fmt::Write as _,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    process,
    time::{SystemTime, UNIX_EPOCH},
};

use sha2::{Digest as _, Sha256};

use crate::failure::Failure;

const BUFFER: usize = 1 << 18;

/// Where the rows come from.
pub(super) struct Source {
    pub(super) file: Box<dyn Read + Send>,
    /// In bytes, where that is known.
    pub(super) length: Option<u64>,
    pub(super) name: String,
    pub(super) path: PathBuf,
}

impl Source {
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        if path == Path::new("-") {
            return Ok(Self {
                file: Box::new(io::stdin()),
                length: None,
                name: "standard input".to_owned(),
                path: PathBuf::from("stdin"),
            });
        }
        let name = path.display().to_string();
        let unreadable = |why| Failure::usage(format!("{name}: it can't be read: {why}"));
        let file = File::open(path).map_err(unreadable)?;
        let about = file.metadata().map_err(unreadable)?;
        if about.is_dir() {
            return Err(Failure::usage(format!("{name}: it is a folder")));
        }
        Ok(Self {
            file: Box::new(file),
            length: about.is_file().then_some(about.len()),
            name,
            path: path.to_owned(),
        })
    }
}

/// What tells one file's content, imported with these settings, from all others.
pub(super) fn fingerprint(path: &Path, settings: &str) -> io::Result<String> {
    let mut hash = Sha256::new();
    hash.update(settings.as_bytes());
    hash.update([0]);
    let mut file = File::open(path)?;
    let mut buffer = vec![0; BUFFER];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(in_hex(&hash.finalize())),
            read => hash.update(&buffer[..read]),
        }
    }
}

/// What is told from everything else by what was never before: this moment, in this process.
pub(super) fn unique() -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let mut hash = Sha256::new();
    hash.update(now.as_nanos().to_le_bytes());
    hash.update(process::id().to_le_bytes());
    in_hex(&hash.finalize())
}

/// Enough of it that no two are alike, and short enough for an import's id.
fn in_hex(hash: &[u8]) -> String {
    let mut hex = String::with_capacity(40);
    for byte in hash.iter().take(20) {
        // Writing into a String does not fail.
        write!(hex, "{byte:02x}").ok();
    }
    hex
}
