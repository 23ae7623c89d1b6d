//! Parsers for values of settings, with messages for the user: the standard library reports "invalid
//! digit found in string".

use std::{error::Error as _, net::SocketAddr, ops::RangeInclusive};

use clap::error::{ContextKind, ContextValue};

/// A century. Times on the wire end with the year 9999.
const MAX_DAYS: u32 = 36_500;

pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    text.trim()
        .parse()
        .map_err(|_| "must be an IP address and a port, like 127.0.0.1:50051".to_owned())
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of a value parser")]
pub(super) fn trimmed(text: &str) -> Result<String, String> {
    Ok(text.trim().to_owned())
}

pub(super) fn number(text: &str) -> Result<u32, String> {
    in_range(text, 0..=u32::MAX)
}

pub(super) fn positive(text: &str) -> Result<u32, String> {
    in_range(text, 1..=u32::MAX)
}

pub(super) fn days(text: &str) -> Result<u32, String> {
    in_range(text, 0..=MAX_DAYS)
}

fn in_range(text: &str, range: RangeInclusive<u32>) -> Result<u32, String> {
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| {
        let (min, max) = range.into_inner();
        format!("must be a whole number from {min} to {max}")
    })
}

/// Why a value is invalid.
pub(super) fn reason(error: &clap::Error) -> String {
    match (error.source(), error.get(ContextKind::ValidValue)) {
        (Some(source), _) => source.to_string(),
        (None, Some(ContextValue::Strings(valid))) if !valid.is_empty() => {
            format!("must be one of {}", valid.join(", "))
        }
        _ => error.kind().to_string(),
    }
}
