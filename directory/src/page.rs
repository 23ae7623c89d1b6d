//! One page of a list.

use std::num::NonZeroU32;

/// One page of a list.
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

    /// The page with this number, of a size as [`Page::size_of`] says it.
    pub(super) fn new(number: NonZeroU32, size: u32) -> Self {
        Self { number, size }
    }

    /// How many users a page has for which this many are asked.
    pub fn size_of(asked: u32) -> u32 {
        match asked {
            0 => Self::DEFAULT_SIZE,
            size => size.min(Self::MAX_SIZE),
        }
    }

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
