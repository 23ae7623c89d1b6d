//! The order of a list.

use std::fmt;

/// A field that lists can be sorted by. Users with equal values are sorted by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortField {
    /// The id.
    Id,
    /// The name, ignoring case and accents.
    Name,
    /// The email address, ignoring case.
    Email,
    /// The time of the last change. Sorted by revision, which follows commit order.
    UpdateTime,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OrderBy {
    /// The field to sort by.
    pub field: SortField,
    /// Whether the largest value comes first. Ids are then descending, too.
    pub descending: bool,
}

impl OrderBy {
    /// Ascending by id.
    pub const ID: Self = Self {
        field: SortField::Id,
        descending: false,
    };

    /// Parses an `order_by` in the syntax of AIP-132, limited to one field: `name`, `name desc`.
    /// Returns `None` for an empty text.
    ///
    /// # Errors
    /// The text names another field, more than one, or a direction other than `desc`.
    pub fn parse(text: &str) -> Result<Option<Self>, OrderByError> {
        let mut words = text.split_ascii_whitespace();
        let field = match words.next() {
            None => return Ok(None),
            Some("id") => SortField::Id,
            Some("name") => SortField::Name,
            Some("email") => SortField::Email,
            Some("update_time") => SortField::UpdateTime,
            Some(_) => return Err(OrderByError),
        };
        let descending = match words.next() {
            None => false,
            Some("desc") => true,
            Some(_) => return Err(OrderByError),
        };
        match words.next() {
            None => Ok(Some(Self { field, descending })),
            Some(_) => Err(OrderByError),
        }
    }
}

/// A text is not an [`OrderBy`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderByError;

impl fmt::Display for OrderByError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be id, name, email or update_time, optionally followed by desc")
    }
}

impl std::error::Error for OrderByError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_sorted_by_one_field_in_either_direction() {
        for (text, field, descending) in [
            ("id", SortField::Id, false),
            ("name desc", SortField::Name, true),
            ("  email  ", SortField::Email, false),
            ("update_time   desc ", SortField::UpdateTime, true),
        ] {
            let order_by = OrderBy { field, descending };
            assert_eq!(OrderBy::parse(text), Ok(Some(order_by)), "{text:?}");
        }
        assert_eq!(OrderBy::parse(" "), Ok(None));
    }

    #[test]
    fn any_other_text_is_an_error() {
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
