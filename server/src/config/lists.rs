//! Settings that may have several values: with commas between in flags and variables, and in a file
//! in either way, as text with commas or as a list.

use std::{fmt, net::SocketAddr};

use serde::{
    Deserialize as _, Deserializer,
    de::{Error as _, SeqAccess, Visitor, value::SeqAccessDeserializer},
};

/// The parser's own error does not say what is missing where somebody gives a name, or a port alone.
#[derive(Debug)]
pub(super) struct NoAddress;

impl fmt::Display for NoAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an IP address and a port are needed, like 127.0.0.1:50051")
    }
}

impl std::error::Error for NoAddress {}

/// An address in a flag.
pub(super) fn address(text: &str) -> Result<SocketAddr, NoAddress> {
    text.trim().parse().map_err(|_| NoAddress)
}

/// Those in the variable.
pub(super) fn addresses(text: &str) -> Result<Vec<SocketAddr>, NoAddress> {
    text.split(',').map(address).collect()
}

/// Those in the file.
pub(super) fn addresses_in_file<'de, D: Deserializer<'de>>(
    file: D,
) -> Result<Vec<SocketAddr>, D::Error> {
    let texts = texts(file)?;
    let addresses = texts.iter().map(|text| address(text));
    addresses
        .collect::<Result<_, _>>()
        .map_err(D::Error::custom)
}

/// TextIndex in the file.
pub(super) fn texts<'de, D: Deserializer<'de>>(file: D) -> Result<Vec<String>, D::Error> {
    file.deserialize_any(TextIndex)
}

struct TextIndex;

impl<'de> Visitor<'de> for TextIndex {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a list of strings")
    }

    fn visit_str<E>(self, text: &str) -> Result<Vec<String>, E> {
        Ok(text.split(',').map(|text| text.trim().to_owned()).collect())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Vec<String>, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list))
    }
}
