//! Detects UTF-16, which spreadsheets export, by the beginning of a file.
//!
//! `encoding_rs` recognizes it by its byte order mark only.

use std::io::{self, Chain, Cursor, Read};

/// Bytes that are examined.
const PREFIX: usize = 4096;

const ADVICE: &str = "save it as UTF-8 (spreadsheets call it \"CSV UTF-8\"), or convert it: \
    iconv -f UTF-16";

/// A file that does not begin like one in UTF-16.
#[derive(Debug)]
pub(super) struct NotUtf16<R>(Chain<Cursor<Vec<u8>>, R>);

impl<R: Read> NotUtf16<R> {
    /// Reads up to the end of the first line, so that input typed at a terminal is checked at once.
    ///
    /// # Errors
    /// The file cannot be read or is UTF-16.
    pub(super) fn check(mut file: R) -> Result<Self, String> {
        let mut prefix = vec![0; PREFIX];
        let mut length = 0;
        while length < PREFIX && !prefix[..length].contains(&b'\n') {
            match file.read(&mut prefix[length..]) {
                Ok(0) => break,
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(format!("line 1: {error}")),
            }
        }
        prefix.truncate(length);
        match detect(&prefix) {
            Some(reason) => Err(reason),
            None => Ok(Self(Cursor::new(prefix).chain(file))),
        }
    }
}

impl<R: Read> Read for NotUtf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

fn detect(prefix: &[u8]) -> Option<String> {
    if prefix.starts_with(b"\xff\xfe") || prefix.starts_with(b"\xfe\xff") {
        return Some(format!("is UTF-16: {ADVICE} -t UTF-8"));
    }
    // Headings are usually ASCII, and so are commas: in UTF-16 one of their two bytes is zero.
    let zeros = |parity| {
        let bytes = prefix.iter().skip(parity).step_by(2);
        bytes.filter(|byte| **byte == 0).count()
    };
    let (first, second) = (zeros(0), zeros(1));
    let order = match (first, second) {
        (0, 0) => return None,
        _ if first > second => "BE",
        _ => "LE",
    };
    // A few zeros are another kind of damage, which is reported per row.
    if first.min(second) > first.max(second) / 4 || (first + second) * 4 < prefix.len() {
        return None;
    }
    Some(format!(
        "looks like UTF-16 without a byte order mark: {ADVICE}{order} -t UTF-8"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &[u8]) -> Result<Vec<u8>, String> {
        let mut content = Vec::new();
        NotUtf16::check(file)?
            .read_to_end(&mut content)
            .map_err(|error| error.to_string())?;
        Ok(content)
    }

    fn encode(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn utf16_is_rejected_with_and_without_a_byte_order_mark() {
        let text = "\"name\",email\r\nАда Лавлейс,ada@example.org\r\n";
        let marked = format!("\u{feff}{text}");
        for (file, expected) in [
            (
                encode(text, u16::to_le_bytes),
                ["looks like", "-f UTF-16LE -t"],
            ),
            (
                encode(text, u16::to_be_bytes),
                ["looks like", "-f UTF-16BE -t"],
            ),
            (
                encode(&marked, u16::to_le_bytes),
                ["is UTF-16", "-f UTF-16 -t"],
            ),
            (
                encode(&marked, u16::to_be_bytes),
                ["is UTF-16", "-f UTF-16 -t"],
            ),
        ] {
            let reason = check(&file).expect_err("rejected");
            assert!(expected.iter().all(|it| reason.contains(it)), "{reason}");
        }
    }

    #[test]
    fn other_files_are_read_unchanged() {
        let long = format!("name,email\nAda,{}", "x".repeat(3 * PREFIX));
        let headings = "ä".repeat(PREFIX);
        for file in ["", "n", "name,em\0ail\n", "名前,メール\n", &long, &headings] {
            assert_eq!(check(file.as_bytes()).as_deref(), Ok(file.as_bytes()));
        }
    }
}
