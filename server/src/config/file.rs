//! The settings in a TOML file.

use std::{fmt::Display, path::Path};

use super::{Flags, words};
use crate::{failure::Failure, small_file};

/// Those that it has.
///
/// # Errors
///
/// Names the file, and the place in it that makes no sense.
pub(super) fn read(path: &Path) -> Result<Flags, Failure> {
    let file = path.display();
    let unreadable = |why: &dyn Display| Failure::usage(format!("--config: {file}: {why}"));
    let bytes = small_file::read(path)
        .map_err(|error| unreadable(&format_args!("it can't be read: {error}")))?;
    let text = str::from_utf8(&bytes).map_err(|error| {
        let (line, column) = place(&bytes, error.valid_up_to());
        unreadable(&format_args!(
            "line {line}, column {column}: it is not UTF-8"
        ))
    })?;
    toml::from_str(text).map_err(|error| {
        let why = words::plain(error.message());
        match error.span() {
            Some(span) => {
                let (line, column) = place(&bytes, span.start);
                unreadable(&format_args!("line {line}, column {column}: {why}"))
            }
            None => unreadable(&why),
        }
    })
}

/// The line and the column of what stands at this byte, both from 1, as editors count them.
fn place(bytes: &[u8], at: usize) -> (usize, usize) {
    let before = &bytes[..at.min(bytes.len())];
    let begin = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let column = String::from_utf8_lossy(&before[begin..]).chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_characters_and_lines_from_one() {
        let text = "a = 1\nñ = ?\n".as_bytes();
        assert_eq!(place(text, 0), (1, 1));
        assert_eq!(place(text, 5), (1, 6));
        assert_eq!(place(text, 6), (2, 1));
        assert_eq!(place(text, 11), (2, 5));
        assert_eq!(place(text, 99), (3, 1));
    }
}
