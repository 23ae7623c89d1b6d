//! In which order a list is.

use std::fmt;

/// What a list is ordered by; where two are alike, their ids decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum By {
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
pub struct Sorting {
    /// What decides.
    pub by: By,
    /// The last one first.
    pub descending: bool,
}

impl Sorting {
    /// By the ids, the first one first.
    pub const PLAIN: Self = Self {
        by: By::Id,
        descending: false,
    };

    /// Reads an `order_by` as AIP-132 has it, of one field; `None` where nothing is said.
    ///
    /// # Errors
    /// It names something else.
    pub fn parse(text: &str) -> Result<Option<Self>, SortingError> {
        let mut words = text.split_ascii_whitespace();
        let by = match words.next() {
            None => return Ok(None),
            Some("id") => By::Id,
            Some("name") => By::Name,
            Some("email") => By::Email,
            Some("update_time") => By::Changed,
            Some(_) => return Err(SortingError),
        };
        let descending = match words.next() {
            None => false,
            Some("desc") => true,
            Some(_) => return Err(SortingError),
        };
        match words.next() {
            None => Ok(Some(Self { by, descending })),
            Some(_) => Err(SortingError),
        }
    }
}

/// A text is no [`Sorting`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortingError;

impl fmt::Display for SortingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be id, name, email or update_time, with desc behind it or without")
    }
}

impl std::error::Error for SortingError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_ordered_by_one_field_either_way() {
        for (text, by, descending) in [
            ("id", By::Id, false),
            ("name desc", By::Name, true),
            ("  email  ", By::Email, false),
            ("update_time   desc ", By::Changed, true),
        ] {
            let sorting = Sorting { by, descending };
            assert_eq!(Sorting::parse(text), Ok(Some(sorting)), "{text:?}");
        }
        assert_eq!(Sorting::parse(" "), Ok(None));
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
            assert_eq!(Sorting::parse(text), Err(SortingError), "{text:?}");
        }
    }
}
