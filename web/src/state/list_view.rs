//! The views of the directory: the whole list, or one page of it.

use frontdesk_directory as directory;

/// The page sizes that the page offers.
pub const PAGE_SIZES: [u32; 4] = [20, 50, 200, 1_000];
/// The page size if the URL has none.
pub const DEFAULT_PAGE_SIZE: u32 = directory::Page::DEFAULT_SIZE;
const MAX_PAGE_SIZE: u32 = directory::Page::MAX_SIZE;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListView {
    /// All users in one list.
    All,
    Page(Page),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Counted from 1.
    pub number: u32,
    /// Users per page, 1 to 1,000.
    pub size: u32,
}

impl ListView {
    /// Parses the query parameters `page` and `page_size`. Values that the server would reject are
    /// replaced by the nearest valid ones; as on the server, size 0 means the default.
    pub(super) fn parse(page: Option<&str>, page_size: Option<&str>) -> Self {
        let Some(page) = page else {
            return Self::All;
        };
        let max_number = i32::MAX.unsigned_abs();
        Self::Page(Page {
            number: parse_saturating(page).unwrap_or(1).clamp(1, max_number),
            size: directory::Page::effective_size(
                page_size.and_then(parse_saturating).unwrap_or_default(),
            ),
        })
    }

    pub fn path(self) -> String {
        match self {
            Self::All => "/users".to_owned(),
            Self::Page(page) => page.path(),
        }
    }
}

impl Page {
    pub fn path(self) -> String {
        let mut path = String::from("/users?page=");
        path.push_str(&self.number.to_string());
        path.push_str("&page_size=");
        path.push_str(&self.size.to_string());
        path
    }

    /// The number of rows before this page.
    pub fn offset(self) -> u64 {
        u64::from(self.number - 1) * u64::from(self.size)
    }

    /// The number of the last page if there are `total` users; 1 if there are none.
    pub fn last_number(self, total: u64) -> u32 {
        let pages = total.div_ceil(u64::from(self.size)).max(1);
        u32::try_from(pages).unwrap_or(u32::MAX)
    }

    /// The last page, if this one lies beyond the end of `total` users.
    pub fn last_if_beyond(self, total: u64) -> Option<Self> {
        let last = self.last_number(total);
        (self.number > last).then(|| self.with_number(last))
    }

    #[must_use]
    pub fn with_number(self, number: u32) -> Self {
        Self { number, ..self }
    }

    /// The page of `size` rows that contains this page's first row.
    #[must_use]
    pub fn with_size(self, size: u32) -> Self {
        let size = size.clamp(1, MAX_PAGE_SIZE);
        let number = self.offset() / u64::from(size) + 1;
        Self {
            number: u32::try_from(number).unwrap_or(u32::MAX),
            size,
        }
    }
}

/// Parses a decimal number; one that is too large becomes `u32::MAX`.
fn parse_saturating(text: &str) -> Option<u32> {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(number: u32, size: u32) -> ListView {
        ListView::Page(Page { number, size })
    }

    #[test]
    fn without_a_page_number_the_view_is_the_whole_list() {
        assert_eq!(ListView::parse(None, None), ListView::All);
        assert_eq!(ListView::parse(None, Some("20")), ListView::All);
    }

    #[test]
    fn page_and_page_size_are_parsed() {
        assert_eq!(ListView::parse(Some("3"), Some("20")), page(3, 20));
        assert_eq!(ListView::parse(Some("3"), None), page(3, 50));
    }

    #[test]
    fn invalid_values_become_the_nearest_valid_ones() {
        assert_eq!(ListView::parse(Some("0"), Some("0")), page(1, 50));
        assert_eq!(ListView::parse(Some("-4"), Some("x")), page(1, 50));
        assert_eq!(ListView::parse(Some(""), Some("5000")), page(1, 1_000));
        assert_eq!(
            ListView::parse(Some("99999999999"), None),
            page(2_147_483_647, 50)
        );
    }

    #[test]
    fn a_view_has_one_path() {
        assert_eq!(page(3, 20).path(), "/users?page=3&page_size=20");
        assert_eq!(ListView::All.path(), "/users");
    }

    #[test]
    fn the_last_page_contains_the_last_row() {
        let page = Page {
            number: 1,
            size: 50,
        };
        assert_eq!(page.last_number(0), 1);
        assert_eq!(page.last_number(50), 1);
        assert_eq!(page.last_number(51), 2);
        assert_eq!(page.last_number(1_000_000), 20_000);
    }

    #[test]
    fn a_page_beyond_the_end_is_replaced_by_the_last_page() {
        let at = |number| Page { number, size: 50 };
        assert_eq!(at(20).last_if_beyond(1_000), None);
        assert_eq!(at(21).last_if_beyond(1_000), Some(at(20)));
        assert_eq!(at(2_147_483_647).last_if_beyond(1_000), Some(at(20)));
        // An empty directory has one empty page.
        assert_eq!(at(1).last_if_beyond(0), None);
        assert_eq!(at(2).last_if_beyond(0), Some(at(1)));
    }

    #[test]
    fn changing_the_page_size_keeps_the_first_row_in_view() {
        let page = Page {
            number: 5,
            size: 20,
        };
        assert_eq!(page.with_size(50).number, 2);
        assert_eq!(page.with_size(1_000).number, 1);
    }
}
