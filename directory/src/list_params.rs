//! Parsing of list parameters.

use std::{fmt, num::NonZeroU32};

use crate::{Filter, ListQuery, ListRange, OrderBy, Page, Query};

/// Unvalidated list parameters, with the types and zero values of `ListUsersRequest`.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListParams<'a> {
    /// The page's number, from 1; 0 for the whole list.
    pub page: i32,
    /// The number of users on a page; 0 for [`Page::DEFAULT_SIZE`].
    pub page_size: i32,
    /// The search; empty for all users.
    pub query: &'a str,
    /// The order in the syntax of AIP-132, see [`OrderBy::parse`].
    pub order_by: &'a str,
    /// Which users pass.
    pub filter: Filter,
}

impl ListParams<'_> {
    /// Validates all parameters. A page size above [`Page::MAX_SIZE`] is reduced to it.
    ///
    /// # Errors
    /// A violation for each invalid field.
    pub fn parse(&self) -> Result<ListQuery, Vec<FieldViolation>> {
        let mut violations = Vec::new();
        let query = check(&mut violations, "query", Query::parse(self.query));
        let order_by = check(&mut violations, "order_by", OrderBy::parse(self.order_by));
        let page = u32::try_from(self.page)
            .map_err(|_| "must be 0 (all users) or a page number, from 1".to_owned());
        let page = check(&mut violations, "page", page);
        let size = u32::try_from(self.page_size).map_err(|_| {
            format!(
                "must be 0 ({} users) or the number of users on a page, at most {}",
                Page::DEFAULT_SIZE,
                Page::MAX_SIZE
            )
        });
        let size = check(&mut violations, "page_size", size).unwrap_or_default();
        if !violations.is_empty() {
            return Err(violations);
        }
        let range = page
            .and_then(NonZeroU32::new)
            .map_or(ListRange::All, |page| {
                ListRange::Page(Page::new(page, size))
            });
        Ok(ListQuery {
            query: query.flatten(),
            order_by: order_by.flatten(),
            filter: self.filter,
            range,
        })
    }
}

fn check<T, E: fmt::Display>(
    violations: &mut Vec<FieldViolation>,
    field: &'static str,
    parsed: Result<T, E>,
) -> Option<T> {
    let report = |error: E| {
        let description = error.to_string();
        violations.push(FieldViolation { field, description });
    };
    parsed.map_err(report).ok()
}

/// An invalid field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldViolation {
    /// The field's name in the request.
    pub field: &'static str,
    /// What the field must be, written for the caller.
    pub description: String,
}

impl fmt::Display for FieldViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.description)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(page: i32, page_size: i32) -> Result<ListQuery, Vec<FieldViolation>> {
        let params = ListParams {
            page,
            page_size,
            ..ListParams::default()
        };
        params.parse()
    }

    fn page(number: i32, size: i32) -> (u32, u32, u64) {
        match parse(number, size).expect("valid parameters").range {
            ListRange::Page(page) => (page.number().get(), page.size(), page.offset()),
            other => panic!("{other:?} is not a page"),
        }
    }

    fn fields(parsed: Result<ListQuery, Vec<FieldViolation>>) -> Vec<&'static str> {
        let violations = parsed.expect_err("invalid parameters");
        violations.iter().map(|violation| violation.field).collect()
    }

    #[test]
    fn page_zero_is_the_whole_list_whatever_the_size() {
        for size in [0, 1, i32::MAX] {
            assert_eq!(parse(0, size), Ok(ListQuery::all()));
        }
    }

    #[test]
    fn a_page_has_50_users_by_default_and_at_most_1000() {
        assert_eq!(page(1, 0), (1, 50, 0));
        assert_eq!(page(3, 7), (3, 7, 14));
        assert_eq!(page(2, 1_001), (2, 1_000, 1_000));
        assert_eq!(
            page(i32::MAX, i32::MAX),
            (2_147_483_647, 1_000, 2_147_483_646_000)
        );
    }

    #[test]
    fn every_invalid_field_is_reported() {
        assert_eq!(fields(parse(-1, 0)), ["page"]);
        assert_eq!(fields(parse(0, -1)), ["page_size"]);
        let all = ListParams {
            page: i32::MIN,
            page_size: i32::MIN,
            query: &"x".repeat(65),
            order_by: "age",
            ..ListParams::default()
        };
        let all = fields(all.parse());
        assert_eq!(all, ["query", "order_by", "page", "page_size"]);
    }

    #[test]
    fn only_all_users_by_id_need_no_index() {
        assert!(ListQuery::all().selects_all_by_id());
        for (order_by, query, expected) in [
            ("id", "", true),
            ("id", "  ", true),
            ("id desc", "", false),
            ("name", "", false),
            ("", "ada", false),
        ] {
            let params = ListParams {
                query,
                order_by,
                ..ListParams::default()
            };
            let list = params.parse().expect("valid parameters");
            assert_eq!(list.selects_all_by_id(), expected, "{order_by:?} {query:?}");
        }
    }
}
