//! What libraries say of a setting, in words of who sets it: the types that it is read into, and
//! where those are declared, are no business of theirs.

use std::error::Error;

/// Theirs, and ours.
const PLAIN: [(&str, &str); 9] = [
    (" for type u32", ""),
    ("invalid digit found in string", "a whole number is needed"),
    ("number too large to fit in target type", "it is too large"),
    ("expected u32", "expected a number from 0 to 4294967295"),
    ("expected path string", "expected a string"),
    ("wanted string or table", "expected a string"),
    ("unknown variant", "unknown value"),
    ("unknown field", "unknown setting"),
    ("value is not valid unicode", "it is not UTF-8"),
];

/// The same in plain words, on one line.
pub(crate) fn plain(message: &str) -> String {
    let words = PLAIN
        .iter()
        .fold(message.to_owned(), |words, (theirs, ours)| {
            words.replace(theirs, ours)
        });
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An error with what it came from; where a variable is wrong, its name and why.
pub(super) fn in_full(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let more = cause.to_string();
        // Some errors repeat their source.
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        source = cause.source();
    }
    let variable = words
        .split_once("environment variable `")
        .and_then(|(_, named)| named.split_once('`'))
        .and_then(|(name, rest)| Some((name, rest.split_once(": ")?.1)));
    match variable {
        Some((name, why)) => plain(&format!("{name}: {why}")),
        None => plain(&words),
    }
}
