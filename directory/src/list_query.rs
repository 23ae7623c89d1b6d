//! Which users a list is of.

use std::{fmt, num::NonZeroU32};

use crate::Query;

use super::{Cursor, OrderBy, Page, Timestamp};

/// Which users a list is of, in which order, and which part of that list is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// Only those who match it.
    pub query: Option<Query>,
    /// In this order; where nothing is said, the best matches first, and without a query by id.
    pub order_by: Option<OrderBy>,
    /// Only those who pass it.
    pub filter: Filter,
    /// Which of them.
    pub range: ListRange,
}

/// Who is let through, whatever is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Whether people who are made up are wanted.
    pub sample_filter: SampleFilter,
    /// Those in the bin, in place of those who are not.
    pub deleted: bool,
    /// Only who was changed then or later.
    pub min_update_time: Option<Timestamp>,
}

/// Whether people who are made up are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SampleFilter {
    /// They and the others.
    #[default]
    Include,
    /// None of them.
    Exclude,
    /// Nobody else.
    Only,
}

/// Which part of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ListRange {
    /// All of it.
    #[default]
    All,
    /// One page, by its number.
    Page(Page),
    /// As many users behind a place in it.
    After(Cursor, u32),
}

/// What somebody asks for, unchecked; numbers and texts are those of `ListUsersRequest`.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListParams<'a> {
    /// 0 for the whole list.
    pub page: i32,
    /// 0 for the default.
    pub page_size: i32,
    /// What is looked for.
    pub query: &'a str,
    /// As AIP-132 has it.
    pub order_by: &'a str,
    /// Who is let through.
    pub filter: Filter,
}

impl ListQuery {
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
    pub fn parse(wanted: &ListParams<'_>) -> Result<Self, Vec<FieldViolation>> {
        let mut bad = Vec::new();
        let query = check(&mut bad, "query", Query::parse(wanted.query));
        let sorting = check(&mut bad, "order_by", OrderBy::parse(wanted.order_by));
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
        let selection = Self {
            query: query.flatten(),
            order_by: sorting.flatten(),
            filter: wanted.filter,
            range: page
                .and_then(NonZeroU32::new)
                .map_or(ListRange::All, |page| {
                    ListRange::Page(Page::new(page, size))
                }),
        };
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
            && self.order_by.unwrap_or(OrderBy::PLAIN) == OrderBy::PLAIN
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

    fn parse(page: i32, page_size: i32) -> Result<ListQuery, Vec<FieldViolation>> {
        ListQuery::parse(&ListParams {
            page,
            page_size,
            ..ListParams::default()
        })
    }

    fn page(number: i32, size: i32) -> (u32, u32, u64) {
        match parse(number, size).expect("a selection").range {
            ListRange::Page(page) => (page.number().get(), page.size(), page.skipped()),
            other => panic!("{other:?} is no page"),
        }
    }

    fn fields(refused: Result<ListQuery, Vec<FieldViolation>>) -> Vec<&'static str> {
        let refused = refused.expect_err("bad fields");
        refused.iter().map(|violation| violation.field).collect()
    }

    #[test]
    fn page_zero_is_everybody_whatever_the_size() {
        for size in [0, 1, i32::MAX] {
            assert_eq!(parse(0, size), Ok(ListQuery::everybody()));
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
        let all = ListParams {
            page: i32::MIN,
            page_size: i32::MIN,
            query: &"x".repeat(65),
            order_by: "age",
            ..ListParams::default()
        };
        let all = fields(ListQuery::parse(&all));
        assert_eq!(all, ["query", "order_by", "page", "page_size"]);
    }

    #[test]
    fn only_the_whole_directory_by_id_is_plain() {
        assert!(ListQuery::everybody().is_plain());
        for (order_by, query, plain) in [
            ("id", "", true),
            ("id", "  ", true),
            ("id desc", "", false),
            ("name", "", false),
            ("", "ada", false),
        ] {
            let wanted = ListParams {
                query,
                order_by,
                ..ListParams::default()
            };
            let selection = ListQuery::parse(&wanted).expect("a selection");
            assert_eq!(selection.is_plain(), plain, "{order_by:?} {query:?}");
        }
    }
}
