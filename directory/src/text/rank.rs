//! How well a row matches what was typed.

/// How well a row matches: the best first, so that ranks sort as lists do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Rank {
    /// The whole name, or the whole email, is the text.
    Whole,
    /// The name begins with the text.
    NameBegins,
    /// The text stands at the beginning of a word of the name or of the email.
    WordBegins,
    /// The text stands anywhere in the name or in the email.
    Anywhere,
    /// All words are there, but not as one phrase.
    Words,
}

impl Rank {
    /// How many ranks there are.
    pub const COUNT: usize = 5;

    /// All ranks, the best first.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Whole,
        Self::NameBegins,
        Self::WordBegins,
        Self::Anywhere,
        Self::Words,
    ];

    /// Its place in [`Rank::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rank_stands_at_its_index_and_better_ones_come_first() {
        for (index, rank) in Rank::ALL.into_iter().enumerate() {
            assert_eq!(rank.index(), index);
        }
        assert!(Rank::ALL.is_sorted());
    }
}
