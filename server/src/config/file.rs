//! Settings in a TOML file.

use std::{borrow::Cow, ffi::OsStr, path::Path};

use clap::Command;
use toml::de::{DeTable, DeValue};

use super::source::check_value;
use crate::{cli::error::CliError, small_file};

/// Makes the values in the file the defaults of the command's arguments; returns which have one.
///
/// # Errors
///
/// The file cannot be read, or a value is invalid; the message names file, line and column.
pub(super) fn apply(mut command: Command, path: &Path) -> Result<(Command, Vec<String>), CliError> {
    let failed = |reason: &str| CliError::usage(format!("--config: {}: {reason}", path.display()));
    let bytes =
        small_file::read(path).map_err(|error| failed(&format!("cannot be read: {error}")))?;
    let failed_at = |byte: usize, reason: &str| {
        let (line, column) = position(&bytes, byte);
        failed(&format!("line {line}, column {column}: {reason}"))
    };
    let text =
        str::from_utf8(&bytes).map_err(|error| failed_at(error.valid_up_to(), "is not UTF-8"))?;
    let table = DeTable::parse(text).map_err(|error| {
        let byte = error.span().map_or(0, |span| span.start);
        failed_at(byte, error.message())
    })?;

    let mut keys = Vec::new();
    for (key, value) in table.into_inner() {
        let Some(argument) = command
            .get_arguments()
            .find(|argument| argument.get_id() == key.get_ref().as_ref())
        else {
            let reason = format!("unknown setting `{}`", key.get_ref());
            return Err(failed_at(key.span().start, &reason));
        };
        let invalid = |reason: &str| {
            let reason = format!("`{}` {reason}", key.get_ref());
            failed_at(value.span().start, &reason)
        };
        let text = to_text(value.get_ref()).ok_or_else(|| {
            invalid("must be a string, a whole number, a boolean or a list of strings")
        })?;
        if text.is_empty() && value.get_ref().is_array() && argument.get_default_values().is_empty()
        {
            continue;
        }
        check_value(argument, OsStr::new(&text)).map_err(|reason| invalid(&reason))?;
        let key = key.get_ref().to_string();
        command = command.mut_arg(&key, |argument| argument.default_value(text));
        keys.push(key);
    }
    Ok((command, keys))
}

/// The value as it would be written in a flag.
fn to_text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .ok()
            .map(|number| number.to_string()),
        DeValue::Boolean(value) => Some(value.to_string()),
        DeValue::Array(values) => {
            let texts: Option<Vec<Cow<'_, str>>> = values
                .iter()
                .map(|value| value.get_ref().as_str().map(Cow::from))
                .collect();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    }
}

/// Line and column of a byte, both counted from 1, in characters.
fn position(bytes: &[u8], at: usize) -> (usize, usize) {
    let before = &bytes[..at.min(bytes.len())];
    let start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_characters_and_lines_from_one() {
        let text = "a = 1\nñ = ?\n".as_bytes();
        assert_eq!(position(text, 0), (1, 1));
        assert_eq!(position(text, 5), (1, 6));
        assert_eq!(position(text, 6), (2, 1));
        assert_eq!(position(text, 11), (2, 5));
        assert_eq!(position(text, 99), (3, 1));
    }
}
