//! Deadlines as people type them.

/// A deadline is at most an hour.
const MOST_MS: u32 = 3_600_000;

/// What is wrong with a deadline that is none.
pub const FAULT: &str = "A deadline is a number of seconds, such as 2.5, and at most 3600.";

/// Seconds, to the millisecond; nothing where nothing was typed.
///
/// # Errors
///
/// [`FAULT`] for what is no number, 0 or more than an hour.
pub fn parse(text: &str) -> Result<Option<u32>, &'static str> {
    match text.trim() {
        "" => Ok(None),
        text => milliseconds(text)
            .filter(|ms| (1..=MOST_MS).contains(ms))
            .map(Some)
            .ok_or(FAULT),
    }
}

// The standard library's own reader of fractions would be loaded for this alone.
fn milliseconds(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
    if part.len() > 3 || (whole.is_empty() && part.is_empty()) {
        return None;
    }
    let digits = |text: &str| {
        text.bytes().try_fold(0_u32, |number, digit| {
            let digit = u32::from(digit.checked_sub(b'0')?);
            let number = number.checked_mul(10)?.checked_add(digit);
            number.filter(|_| digit < 10)
        })
    };
    let mut ms = digits(part)?;
    for _ in part.len()..3 {
        ms *= 10;
    }
    digits(whole)?.checked_mul(1_000)?.checked_add(ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_read_to_the_millisecond() {
        let cases = [
            ("", None),
            (" ", None),
            ("3", Some(3_000)),
            (" 2.5 ", Some(2_500)),
            ("0,25", Some(250)),
            (".001", Some(1)),
            ("7.", Some(7_000)),
            ("3600", Some(3_600_000)),
        ];
        for (text, ms) in cases {
            assert_eq!(parse(text), Ok(ms), "{text}");
        }
    }

    #[test]
    fn what_is_no_deadline_is_refused() {
        for text in [
            "0",
            "0.000",
            ".",
            "x",
            "-1",
            "1e3",
            "1.2.3",
            "0.0001",
            "3600.001",
            "3601",
            "99999999999",
            "½",
            "1:",
        ] {
            assert_eq!(parse(text), Err(FAULT), "{text}");
        }
    }
}
