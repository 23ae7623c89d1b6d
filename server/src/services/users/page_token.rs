use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use frontdesk_directory::{Cursor, ListQuery, SortField, UserId};

/// The first byte of every token; other formats get other versions.
const VERSION: u8 = 1;

/// A [`Cursor`] as clients receive it: opaque, and valid for one list only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PageToken(String);

impl PageToken {
    pub(super) fn new(query: &ListQuery, cursor: &Cursor) -> Self {
        let mut bytes = vec![VERSION];
        bytes.extend(fingerprint(query));
        bytes.extend(cursor.id.get().to_be_bytes());
        bytes.extend(truncate(&cursor.key));
        Self(BASE64.encode(bytes))
    }

    pub(super) fn parse(text: &str, query: &ListQuery) -> Result<Cursor, PageTokenError> {
        let bytes = BASE64.decode(text).map_err(|_| PageTokenError::Invalid)?;
        let (&version, rest) = bytes.split_first().ok_or(PageTokenError::Invalid)?;
        let (list, rest) = rest.split_first_chunk().ok_or(PageTokenError::Invalid)?;
        let (&id, key) = rest.split_first_chunk().ok_or(PageTokenError::Invalid)?;
        if version != VERSION {
            return Err(PageTokenError::Invalid);
        }
        if *list != fingerprint(query) {
            return Err(PageTokenError::OtherList);
        }
        let id = UserId::new(i32::from_be_bytes(id)).ok_or(PageTokenError::Invalid)?;
        if !is_valid_key(key, query) {
            return Err(PageTokenError::Invalid);
        }
        let key = key.to_vec();
        Ok(Cursor { key, id })
    }
}

fn is_valid_key(key: &[u8], query: &ListQuery) -> bool {
    match query.order_by.map(|order_by| order_by.field) {
        Some(SortField::Name | SortField::Email) => std::str::from_utf8(key).is_ok(),
        Some(SortField::UpdateTime) => key.len() == size_of::<i64>(),
        Some(SortField::Id) => key.is_empty(),
        // Search results are sorted by a match rank of one byte.
        None => key.len() == usize::from(query.query.is_some()),
    }
}

/// Limits a text key to [`Cursor::MAX_KEY_BYTES`], at a character boundary. Other keys are shorter.
fn truncate(key: &[u8]) -> &[u8] {
    match std::str::from_utf8(key) {
        Ok(text) => &key[..text.floor_char_boundary(Cursor::MAX_KEY_BYTES)],
        Err(_) => key,
    }
}

/// Identifies a list by its query, order and filters. A short hash (FNV-1a) is enough: tokens hide
/// nothing, and a forged one leads nowhere that a page number does not.
fn fingerprint(query: &ListQuery) -> [u8; 8] {
    let ListQuery {
        query,
        order_by,
        filter,
        range: _,
    } = query;
    let query = query.as_ref().map_or("", |query| query.as_str());
    let text = format!("{order_by:?} {filter:?} {query}");
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.to_be_bytes()
}

impl fmt::Display for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a [`PageToken`] is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PageTokenError {
    Invalid,
    /// The query, the order or the filters differ.
    OtherList,
    /// The request also has a page number.
    WithPage,
}

impl fmt::Display for PageTokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Invalid => "must be the x-next-page-token of the previous response",
            Self::OtherList => {
                "was issued for another list: query, order_by and filters must not change"
            }
            Self::WithPage => "cannot be combined with a page number",
        })
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_directory::ListParams;

    use super::*;

    fn query(order_by: &str) -> ListQuery {
        let params = ListParams {
            order_by,
            ..ListParams::default()
        };
        params.parse().expect("a valid query")
    }

    fn cursor(key: &[u8]) -> Cursor {
        Cursor {
            key: key.to_vec(),
            id: UserId::new(i32::MAX).expect("a valid id"),
        }
    }

    #[test]
    fn a_token_round_trips() {
        for (order_by, key) in [
            ("name", "zoë".as_bytes()),
            ("email desc", b""),
            ("id", b""),
            ("update_time", &[0; 8]),
        ] {
            let (query, cursor) = (query(order_by), cursor(key));
            let token = PageToken::new(&query, &cursor).to_string();
            assert_eq!(PageToken::parse(&token, &query), Ok(cursor), "{order_by}");
        }
    }

    #[test]
    fn a_token_of_another_list_is_rejected() {
        let token = PageToken::new(&query("name"), &cursor(b"ada")).to_string();
        for other in ["name desc", "email", "id", ""] {
            let parsed = PageToken::parse(&token, &query(other));
            assert_eq!(parsed, Err(PageTokenError::OtherList), "{other}");
        }
    }

    #[test]
    fn an_invalid_token_is_rejected() {
        let by_name = query("name");
        let valid = PageToken::new(&by_name, &cursor(b"ada")).to_string();
        let not_text = PageToken::new(&by_name, &cursor(&[0xff])).to_string();
        let short_key = PageToken::new(&query("update_time"), &cursor(b"ada")).to_string();
        for (query, text) in [
            (&by_name, ""),
            (&by_name, "AQ"),
            (&by_name, &valid[1..]),
            (&by_name, &valid[..12]),
            (&by_name, "%%%"),
            (&by_name, &not_text),
            (&query("update_time"), &short_key),
        ] {
            assert!(PageToken::parse(text, query).is_err(), "{text:?}");
        }
    }
}
