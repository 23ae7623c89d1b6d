//! Pages of a list.

use std::num::NonZeroU32;

/// A page of a list, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    number: NonZeroU32,
    size: u32,
}

impl Page {
    /// The number of users on a page if the caller does not choose.
    pub const DEFAULT_SIZE: u32 = 50;
    /// The maximum number of users on a page. A larger size is reduced to it.
    pub const MAX_SIZE: u32 = 1_000;

    /// The page with this number, counted from 1. A size of 0 means [`Page::DEFAULT_SIZE`].
    #[must_use]
    pub fn new(number: NonZeroU32, size: u32) -> Self {
        let size = Self::effective_size(size);
        Self { number, size }
    }

    /// The size of a page for a requested size: the default for 0, and at most [`Page::MAX_SIZE`].
    #[must_use]
    pub fn effective_size(requested: u32) -> u32 {
        match requested {
            0 => Self::DEFAULT_SIZE,
            size => size.min(Self::MAX_SIZE),
        }
    }

    /// The page's number; the first page is 1.
    #[must_use]
    pub fn number(self) -> NonZeroU32 {
        self.number
    }

    /// The number of users on the page, 1 to [`Page::MAX_SIZE`]; the last page can have fewer.
    #[must_use]
    pub fn size(self) -> u32 {
        self.size
    }

    /// The number of users before the page.
    #[must_use]
    pub fn offset(self) -> u64 {
        u64::from(self.number.get() - 1) * u64::from(self.size)
    }
}
