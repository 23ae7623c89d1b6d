//! A position in a list.

use crate::UserId;

/// A position in a list: directly after a user. Valid only with the query, order and filters of the
/// list that returned it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The user's sort key, as bytes that sort as the list does: the folded text of a name or an
    /// email, a revision (8 bytes, big-endian), a match rank (one byte), or nothing in order of ids.
    pub key: Vec<u8>,
    /// The user's id.
    pub id: UserId,
}

impl Cursor {
    /// The maximum length of a key in a cursor, in bytes: a folded name can be twenty times as
    /// long as its 200 characters. A caller can cut a longer text key at a character boundary, which
    /// is at most three bytes below this limit. A store that receives a key of such a length
    /// checks whether it was cut.
    pub const MAX_KEY_BYTES: usize = 1_024;
}
