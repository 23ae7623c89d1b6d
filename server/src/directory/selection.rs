//! Which users a list is of.

use std::{fmt, num::NonZeroU32};

/// Which users a list is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All of them.
    Everybody,
    /// Those of one page.
    Page(Page),
}

/// One page of the directory, in the order of the ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    number: NonZeroU32,
    size: u32,
}

impl Page {
    /// How many users a page has where nothing is said.
    pub const DEFAULT_SIZE: u32 = 50;
    /// The most users a page has, whatever is asked for.
    pub const MAX_SIZE: u32 = 1_000;

    /// Which page: the first is 1.
    #[must_use]
    pub fn number(self) -> NonZeroU32 {
        self.number
    }

    /// How many users it has, 1 to [`Page::MAX_SIZE`]; the last page may have fewer.
    #[must_use]
    pub fn size(self) -> u32 {
        self.size
    }

    /// How many users come before this page.
    #[must_use]
    pub fn skipped(self) -> u64 {
        u64::from(self.number.get() - 1) * u64::from(self.size)
    }
}

impl Selection {
    /// What `page` and `page_size` ask for: page 0 is everybody, size 0 the default, and a larger
    /// size than there is, the largest.
    ///
    /// # Errors
    /// Every field that is negative.
    pub fn parse(page: i32, page_size: i32) -> Result<Self, Vec<FieldViolation>> {
        match (u32::try_from(page), u32::try_from(page_size)) {
            (Ok(page), Ok(size)) => Ok(NonZeroU32::new(page).map_or(Self::Everybody, |number| {
                let size = if size == 0 {
                    Page::DEFAULT_SIZE
                } else {
                    size.min(Page::MAX_SIZE)
                };
                Self::Page(Page { number, size })
            })),
            (page, size) => {
                let bad_page = page.err().map(|_| FieldViolation {
                    field: "page",
                    why: "must be 0 (everybody) or the number of a page, from 1",
                });
                let bad_size = size.err().map(|_| FieldViolation {
                    field: "page_size",
                    why: "must be 0 (50 users) or how many users a page has, at most 1000",
                });
                Err(bad_page.into_iter().chain(bad_size).collect())
            }
        }
    }
}

/// A field that cannot be taken as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldViolation {
    /// The field's name in the request.
    pub field: &'static str,
    /// What it must be; written for who sent it.
    pub why: &'static str,
}

impl fmt::Display for FieldViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(number: i32, size: i32) -> (u32, u32, u64) {
        match Selection::parse(number, size) {
            Ok(Selection::Page(page)) => (page.number().get(), page.size(), page.skipped()),
            other => panic!("{other:?} is no page"),
        }
    }

    #[test]
    fn page_zero_is_everybody_whatever_the_size() {
        for size in [0, 1, i32::MAX] {
            assert_eq!(Selection::parse(0, size), Ok(Selection::Everybody));
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
    fn every_negative_field_is_named() {
        let fields = |page, size| -> Vec<_> {
            let refused = Selection::parse(page, size).expect_err("negative");
            refused.iter().map(|violation| violation.field).collect()
        };
        assert_eq!(fields(-1, 0), ["page"]);
        assert_eq!(fields(0, -1), ["page_size"]);
        assert_eq!(fields(i32::MIN, i32::MIN), ["page", "page_size"]);
    }
}
