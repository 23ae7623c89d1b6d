//! Files that are not UTF-8 as a whole are told by their beginning.

use std::io::{self, Chain, Cursor, Read};

/// How much of a file has to be there to tell by.
const BEGINNING: usize = 4096;

const ADVICE: &str = "save it as UTF-8 (spreadsheets call it \"CSV UTF-8\"), or convert it: \
    iconv -f UTF-16";

/// A file that does not begin like one in UTF-16.
#[derive(Debug)]
pub(super) struct Utf8<R>(Chain<Cursor<Vec<u8>>, R>);

impl<R: Read> Utf8<R> {
    /// Reads the beginning: to the end of the first line, as whoever types the file sees it.
    ///
    /// # Errors
    /// The file can't be read or is UTF-16: says so, and what to do.
    pub(super) fn check(mut file: R) -> Result<Self, String> {
        let mut beginning = vec![0; BEGINNING];
        let mut length = 0;
        while length < BEGINNING && !beginning[..length].contains(&b'\n') {
            match file.read(&mut beginning[length..]) {
                Ok(0) => break,
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(format!("line 1: {error}")),
            }
        }
        beginning.truncate(length);
        match utf16(&beginning) {
            Some(why) => Err(why),
            None => Ok(Self(Cursor::new(beginning).chain(file))),
        }
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

fn utf16(beginning: &[u8]) -> Option<String> {
    if [&b"\xff\xfe"[..], b"\xfe\xff"]
        .iter()
        .any(|mark| beginning.starts_with(mark))
    {
        return Some(format!("it is UTF-16: {ADVICE} -t UTF-8"));
    }
    // Headings are ASCII as a rule, or commas between them are: one of the two bytes is zero then,
    // which no text in UTF-8 has.
    let zeros = |parity| {
        let bytes = beginning.iter().skip(parity).step_by(2);
        bytes.filter(|byte| **byte == 0).count()
    };
    let (first, second) = (zeros(0), zeros(1));
    let order = match (first, second) {
        (0, 0) => return None,
        _ if first > second => "BE",
        _ => "LE",
    };
    // Zeros here and there are another sort of damage: rows say that of themselves.
    if first.min(second) > first.max(second) / 4 || (first + second) * 4 < beginning.len() {
        return None;
    }
    Some(format!(
        "it looks like UTF-16 without a byte order mark: {ADVICE}{order} -t UTF-8"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(file: &[u8]) -> Result<Vec<u8>, String> {
        let mut whole = Vec::new();
        Utf8::check(file)?
            .read_to_end(&mut whole)
            .map_err(|error| error.to_string())?;
        Ok(whole)
    }

    fn bytes(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn utf16_is_told_with_and_without_its_mark() {
        let text = "\"name\",email\r\nАда Лавлейс,ada@example.org\r\n";
        for (file, words) in [
            (
                bytes(text, u16::to_le_bytes),
                ["looks like", "-f UTF-16LE -t"],
            ),
            (
                bytes(text, u16::to_be_bytes),
                ["looks like", "-f UTF-16BE -t"],
            ),
            (
                bytes(&format!("\u{feff}{text}"), u16::to_le_bytes),
                ["it is UTF-16", "-f UTF-16 -t"],
            ),
            (
                bytes(&format!("\u{feff}{text}"), u16::to_be_bytes),
                ["it is UTF-16", "-f UTF-16 -t"],
            ),
        ] {
            let why = checked(&file).expect_err("refused");
            assert!(words.iter().all(|word| why.contains(word)), "{why}");
        }
    }

    #[test]
    fn everything_else_is_handed_on_to_the_letter() {
        let long = format!("name,email\nAda,{}", "x".repeat(3 * BEGINNING));
        let headings = "ä".repeat(BEGINNING);
        for file in ["", "n", "name,em\0ail\n", "名前,メール\n", &long, &headings] {
            assert_eq!(checked(file.as_bytes()).as_deref(), Ok(file.as_bytes()));
        }
    }
}
