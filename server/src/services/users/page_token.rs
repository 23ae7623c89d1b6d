//! Where a list goes on.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};

use frontdesk_directory::{Cursor, ListQuery, SortField, UserId};

/// What tokens begin with: another form of them begins with another number.
const VERSION: u8 = 1;

/// A [`Cursor`] as clients have it: opaque, and of one list only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageToken(String);

impl PageToken {
    /// The token for this place in the list that `selection` names.
    #[must_use]
    pub fn new(selection: &ListQuery, position: &Cursor) -> Self {
        let mut bytes = vec![VERSION];
        bytes.extend(list(selection));
        bytes.extend(position.id.get().to_be_bytes());
        bytes.extend(cut(&position.key));
        Self(BASE64.encode(bytes))
    }

    /// The place that a token stands for.
    ///
    /// # Errors
    /// It is none, or of another list than that of `selection`.
    pub fn parse(text: &str, selection: &ListQuery) -> Result<Cursor, PageTokenError> {
        let bytes = BASE64.decode(text).map_err(|_| PageTokenError::NoToken)?;
        let (&version, rest) = bytes.split_first().ok_or(PageTokenError::NoToken)?;
        let (of, rest) = rest.split_first_chunk().ok_or(PageTokenError::NoToken)?;
        let (&id, key) = rest.split_first_chunk().ok_or(PageTokenError::NoToken)?;
        if version != VERSION {
            return Err(PageTokenError::NoToken);
        }
        if *of != list(selection) {
            return Err(PageTokenError::OtherList);
        }
        let id = UserId::new(i32::from_be_bytes(id)).ok_or(PageTokenError::NoToken)?;
        let fits = match selection.order_by.map(|sorting| sorting.by) {
            Some(SortField::Name | SortField::Email) => std::str::from_utf8(key).is_ok(),
            Some(SortField::UpdateTime) => key.len() == size_of::<i64>(),
            Some(SortField::Id) => key.is_empty(),
            None => key.len() == usize::from(selection.query.is_some()),
        };
        let key = key.to_vec();
        fits.then_some(Cursor { key, id })
            .ok_or(PageTokenError::NoToken)
    }
}

/// As much of a key as a token has; of a text whole characters.
fn cut(key: &[u8]) -> &[u8] {
    match std::str::from_utf8(key) {
        Ok(text) => &key[..text.floor_char_boundary(Cursor::MAX_KEY_BYTES)],
        // No text is shorter.
        Err(_) => key,
    }
}

/// Tells a list from others: what it is of, and its order. A short hash (FNV-1a): tokens hide
/// nothing, and one that is made up leads nowhere else than a page does.
fn list(selection: &ListQuery) -> [u8; 8] {
    let ListQuery {
        query,
        order_by,
        filter,
        range: _,
    } = selection;
    let query = query.as_ref().map_or("", |query| query.as_str());
    let said = format!("{order_by:?} {filter:?} {query}");
    let hash = said.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.to_be_bytes()
}

impl fmt::Display for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is no [`PageToken`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageTokenError {
    /// It is no token.
    NoToken,
    /// It is that of a list with another query, another order or other filters.
    OtherList,
    /// A page is asked for by its number too.
    WithPage,
}

impl fmt::Display for PageTokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoToken => "must be the x-next-page-token of the answer before",
            Self::OtherList => {
                "is of another list: query, order_by and filters must be as they were"
            }
            Self::WithPage => "must not be there where a page is asked for by its number",
        })
    }
}

impl std::error::Error for PageTokenError {}

#[cfg(test)]
mod tests {
    use frontdesk_directory::ListParams;

    use super::*;

    fn selection(order_by: &str) -> ListQuery {
        let wanted = ListParams {
            order_by,
            ..ListParams::default()
        };
        wanted.parse().expect("a selection")
    }

    fn position(key: &[u8]) -> Cursor {
        Cursor {
            key: key.to_vec(),
            id: UserId::new(i32::MAX).expect("an id"),
        }
    }

    #[test]
    fn a_token_leads_back_to_its_place() {
        for (order_by, key) in [
            ("name", "zoë".as_bytes()),
            ("email desc", b""),
            ("id", b""),
            ("update_time", &[0; 8]),
        ] {
            let (list, place) = (selection(order_by), position(key));
            let token = PageToken::new(&list, &place).to_string();
            assert_eq!(PageToken::parse(&token, &list), Ok(place), "{order_by}");
        }
    }

    #[test]
    fn a_token_of_another_list_is_known_as_such() {
        let token = PageToken::new(&selection("name"), &position(b"ada")).to_string();
        for other in ["name desc", "email", "id", ""] {
            let refused = PageToken::parse(&token, &selection(other));
            assert_eq!(refused, Err(PageTokenError::OtherList), "{other}");
        }
    }

    #[test]
    fn what_was_never_given_is_no_token() {
        let list = selection("name");
        let good = PageToken::new(&list, &position(b"ada")).to_string();
        let not_text = PageToken::new(&list, &position(&[0xff])).to_string();
        let short = PageToken::new(&selection("update_time"), &position(b"ada")).to_string();
        for (list, text) in [
            (&list, ""),
            (&list, "AQ"),
            (&list, &good[1..]),
            (&list, &good[..12]),
            (&list, "%%%"),
            (&list, &not_text),
            (&selection("update_time"), &short),
        ] {
            let refused = PageToken::parse(text, list);
            assert!(refused.is_err(), "{text:?}");
        }
    }
}
