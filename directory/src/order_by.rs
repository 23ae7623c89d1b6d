//! In which order a list is.

use std::fmt;

/// What a list is ordered by; where two are alike, their ids decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortField {
    /// The id.
    Id,
    /// The name, without regard to case and accents.
    Name,
    /// The email, without regard to case.
    Email,
    /// When they were last changed.
    Changed,
}

/// In which order a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OrderBy {
    /// What decides.
    pub by: SortField,
    /// The last one first.
    pub descending: bool,
}

impl OrderBy {
    /// SortField the ids, the first one first.
    pub const PLAIN: Self = Self {
        by: SortField::Id,
        descending: false,
    };

    /// Reads an `order_by` as AIP-132 has it, of one field; `None` where nothing is said.
    ///
    /// # Errors
    /// It names something else.
    pub fn parse(text: &str) -> Result<Option<Self>, OrderByError> {
        let mut words = text.split_ascii_whitespace();
        let by = match words.next() {
            None => return Ok(None),
            Some("id") => SortField::Id,
            Some("name") => SortField::Name,
            Some("email") => SortField::Email,
            Some("update_time") => SortField::Changed,
            Some(_) => return Err(OrderByError),
        };
        let descending = match words.next() {
            None => false,
            Some("desc") => true,
            Some(_) => return Err(OrderByError),
        };
        match words.next() {
            None => Ok(Some(Self { by, descending })),
            Some(_) => Err(OrderByError),
        }
    }
}

/// A text is no [`OrderBy`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderByError;

impl fmt::Display for OrderByError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be id, name, email or update_time, with desc behind it or without")
    }
}

impl std::error::Error for OrderByError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_ordered_by_one_field_either_way() {
        for (text, by, descending) in [
            ("id", SortField::Id, false),
            ("name desc", SortField::Name, true),
            ("  email  ", SortField::Email, false),
            ("update_time   desc ", SortField::Changed, true),
        ] {
            let sorting = OrderBy { by, descending };
            assert_eq!(OrderBy::parse(text), Ok(Some(sorting)), "{text:?}");
        }
        assert_eq!(OrderBy::parse(" "), Ok(None));
    }

    #[test]
    fn what_is_no_field_is_no_order() {
        for text in [
            "Name",
            "name DESC",
            "name asc",
            "desc",
            "name, id",
            "name desc desc",
            "revision",
            "-name",
            "name; DROP TABLE users",
        ] {
            assert_eq!(OrderBy::parse(text), Err(OrderByError), "{text:?}");
        }
    }
}
