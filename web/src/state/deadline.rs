//! Parsing the deadline that is entered for a call.

/// One hour.
const MAX_MS: u32 = 3_600_000;

pub const DEADLINE_ERROR: &str = "Enter 0.001 to 3600 seconds.";

/// Parses seconds with up to three decimals into milliseconds; `None` if the text is empty.
///
/// # Errors
///
/// [`DEADLINE_ERROR`] if the text is not a number or out of range.
pub fn parse(text: &str) -> Result<Option<u32>, &'static str> {
    match text.trim() {
        "" => Ok(None),
        text => parse_milliseconds(text)
            .filter(|ms| (1..=MAX_MS).contains(ms))
            .map(Some)
            .ok_or(DEADLINE_ERROR),
    }
}

// By hand: the standard library's float parser would add several kilobytes to the page.
fn parse_milliseconds(text: &str) -> Option<u32> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    if fraction.len() > 3 || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let digits = |text: &str| {
        text.bytes().try_fold(0_u32, |number, digit| {
            let digit = u32::from(digit.checked_sub(b'0')?);
            let number = number.checked_mul(10)?.checked_add(digit);
            number.filter(|_| digit < 10)
        })
    };
    let mut ms = digits(fraction)?;
    for _ in fraction.len()..3 {
        ms *= 10;
    }
    digits(whole)?.checked_mul(1_000)?.checked_add(ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_parsed_to_the_millisecond() {
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
    fn an_invalid_deadline_is_an_error() {
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
            assert_eq!(parse(text), Err(DEADLINE_ERROR), "{text}");
        }
    }
}
