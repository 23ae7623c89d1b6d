//! Which users a list is of.

use std::{fmt, num::NonZeroU32};

use frontdesk_fields::Query;

use super::{Moment, Page, PageToken, PageTokenError, Position, Sorting};

/// Which users a list is of, in which order, and which part of that list is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only those who match it.
    pub query: Option<Query>,
    /// In this order; where nothing is said, the best matches first, and without a query by id.
    pub sorting: Option<Sorting>,
    /// Only those who pass it.
    pub filter: Filter,
    /// Which of them.
    pub part: Part,
}

/// Who is let through, whatever is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Whether people who are made up are wanted.
    pub samples: Samples,
    /// Those in the bin, in place of those who are not.
    pub in_bin: bool,
    /// Only who was changed then or later.
    pub changed_since: Option<Moment>,
}

/// Whether people who are made up are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Samples {
    /// They and the others.
    #[default]
    With,
    /// None of them.
    Without,
    /// Nobody else.
    Only,
}

/// Which part of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    #[default]
    Everybody,
    /// One page, by its number.
    Page(Page),
    /// As many users behind a place in it.
    After(Position, u32),
}

/// What somebody asks for, unchecked; numbers and texts are those of `ListUsersRequest`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// 0 for everybody, or for what `page_token` says.
    pub page: i32,
    /// 0 for the default.
    pub page_size: i32,
    /// What is looked for.
    pub query: &'a str,
    /// As AIP-132 has it.
    pub order_by: &'a str,
    /// Where a page ended.
    pub page_token: &'a str,
    /// Who is let through.
    pub filter: Filter,
}

impl Selection {
    /// The whole directory, by id.
    #[must_use]
    pub fn everybody() -> Self {
        Self::default()
    }

    /// What is wanted: page 0 is everybody, size 0 the default, and a larger size than there is, the
    /// largest.
    ///
    /// # Errors
    /// Every field that can't be taken.
    pub fn parse(wanted: &Wanted<'_>) -> Result<Self, Vec<FieldViolation>> {
        let mut bad = Vec::new();
        let query = check(&mut bad, "query", Query::parse(wanted.query));
        let sorting = check(&mut bad, "order_by", Sorting::parse(wanted.order_by));
        let page = check(
            &mut bad,
            "page",
            u32::try_from(wanted.page)
                .map_err(|_| "must be 0 (everybody) or the number of a page, from 1"),
        );
        let size = check(
            &mut bad,
            "page_size",
            u32::try_from(wanted.page_size)
                .map_err(|_| "must be 0 (50 users) or how many users a page has, at most 1000"),
        );
        let size = Page::size_of(size.unwrap_or_default());
        let mut selection = Self {
            query: query.flatten(),
            sorting: sorting.flatten(),
            filter: wanted.filter,
            part: page
                .and_then(NonZeroU32::new)
                .map_or(Part::Everybody, |page| Part::Page(Page::new(page, size))),
        };
        // A token can be held against a list that is one.
        if !wanted.page_token.is_empty() && bad.is_empty() {
            let position = match selection.part {
                Part::Everybody => PageToken::parse(wanted.page_token, &selection),
                _ => Err(PageTokenError::WithPage),
            };
            if let Some(position) = check(&mut bad, "page_token", position) {
                selection.part = Part::After(position, size);
            }
        }
        if bad.is_empty() {
            Ok(selection)
        } else {
            Err(bad)
        }
    }

    /// Whether it is of the whole directory, by id: what is read most, and needs nothing but the
    /// table.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.query.is_none()
            && self.sorting.unwrap_or(Sorting::PLAIN) == Sorting::PLAIN
            && self.filter == Filter::default()
    }
}

fn check<T, E: fmt::Display>(
    bad: &mut Vec<FieldViolation>,
    field: &'static str,
    read: Result<T, E>,
) -> Option<T> {
    let why = |why: E| {
        let why = why.to_string();
        bad.push(FieldViolation { field, why });
    };
    read.map_err(why).ok()
}

/// A field that cannot be taken as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldViolation {
    /// The field's name in the request.
    pub field: &'static str,
    /// What it must be; written for who sent it.
    pub why: String,
}

impl fmt::Display for FieldViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(page: i32, page_size: i32) -> Result<Selection, Vec<FieldViolation>> {
        Selection::parse(&Wanted {
            page,
            page_size,
            ..Wanted::default()
        })
    }

    fn page(number: i32, size: i32) -> (u32, u32, u64) {
        match parse(number, size).expect("a selection").part {
            Part::Page(page) => (page.number().get(), page.size(), page.skipped()),
            other => panic!("{other:?} is no page"),
        }
    }

    fn fields(refused: Result<Selection, Vec<FieldViolation>>) -> Vec<&'static str> {
        let refused = refused.expect_err("bad fields");
        refused.iter().map(|violation| violation.field).collect()
    }

    #[test]
    fn page_zero_is_everybody_whatever_the_size() {
        for size in [0, 1, i32::MAX] {
            assert_eq!(parse(0, size), Ok(Selection::everybody()));
        }
    }

    #[test]
    fn a_page_has_fifty_users_unless_told_and_a_thousand_at_most() {
        assert_eq!(page(1, 0), (1, 50, 0));
        assert_eq!(page(3, 7), (3, 7, 14));
        assert_eq!(page(2, 1_001), (2, 1_000, 1_000));
        assert_eq!(
            page(i32::MAX, i32::MAX),
            (2_147_483_647, 1_000, 2_147_483_646_000)
        );
    }

    #[test]
    fn every_bad_field_is_named() {
        assert_eq!(fields(parse(-1, 0)), ["page"]);
        assert_eq!(fields(parse(0, -1)), ["page_size"]);
        let all = Wanted {
            page: i32::MIN,
            page_size: i32::MIN,
            query: &"x".repeat(65),
            order_by: "age",
            ..Wanted::default()
        };
        let all = fields(Selection::parse(&all));
        assert_eq!(all, ["query", "order_by", "page", "page_size"]);
    }

    #[test]
    fn a_token_takes_the_place_of_a_page() {
        let list = Selection::everybody();
        let position = Position {
            key: Vec::new(),
            id: super::super::UserId::new(7).expect("an id"),
        };
        let token = PageToken::new(&list, &position).to_string();
        let wanted = Wanted {
            page_token: &token,
            page_size: 9,
            ..Wanted::default()
        };
        let selection = Selection::parse(&wanted).expect("a selection");
        assert_eq!(selection.part, Part::After(position, 9));
        let both = Wanted { page: 1, ..wanted };
        assert_eq!(fields(Selection::parse(&both)), ["page_token"]);
        let other = Wanted {
            query: "ada",
            ..wanted
        };
        assert_eq!(fields(Selection::parse(&other)), ["page_token"]);
    }

    #[test]
    fn only_the_whole_directory_by_id_is_plain() {
        assert!(Selection::everybody().is_plain());
        for (order_by, query, plain) in [
            ("id", "", true),
            ("id", "  ", true),
            ("id desc", "", false),
            ("name", "", false),
            ("", "ada", false),
        ] {
            let wanted = Wanted {
                query,
                order_by,
                ..Wanted::default()
            };
            let selection = Selection::parse(&wanted).expect("a selection");
            assert_eq!(selection.is_plain(), plain, "{order_by:?} {query:?}");
        }
    }
}
