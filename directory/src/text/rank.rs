//! How well texts match a search term.

/// How well a user's texts match a search term. The best rank is the smallest, so ranks sort as
/// lists do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Rank {
    /// The term is the whole name or the whole email address.
    Exact,
    /// The name starts with the term.
    NamePrefix,
    /// A word of the name or of the email address starts with the term.
    WordPrefix,
    /// The name or the email address contains the term.
    Substring,
    /// Every word of the term occurs, but not the whole term.
    AllWords,
}

impl Rank {
    /// The number of ranks.
    pub const COUNT: usize = 5;

    /// All ranks, the best first.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Exact,
        Self::NamePrefix,
        Self::WordPrefix,
        Self::Substring,
        Self::AllWords,
    ];

    /// The rank's position in [`Rank::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_sort_as_ranks_do() {
        for (index, rank) in Rank::ALL.into_iter().enumerate() {
            assert_eq!(rank.index(), index);
        }
        assert!(Rank::ALL.is_sorted());
    }
}
