//! Which users pass, as sets of ids.

use frontdesk_directory::SampleFilter;
use roaring::RoaringBitmap;

/// Which users pass a filter.
#[derive(Clone, Debug, PartialEq)]
pub enum IdFilter {
    /// Every user.
    All,
    /// The users of this set.
    Only(RoaringBitmap),
    /// The users outside of this set.
    Except(RoaringBitmap),
}

impl IdFilter {
    /// A filter for sample users, given the set of them, combined with a set of users, if given.
    #[must_use]
    pub fn new(
        sample_filter: SampleFilter,
        samples: &RoaringBitmap,
        only: Option<RoaringBitmap>,
    ) -> Self {
        match (sample_filter, only) {
            (SampleFilter::Include, None) => Self::All,
            (SampleFilter::Include, Some(ids)) => Self::Only(ids),
            (SampleFilter::Only, None) => Self::Only(samples.clone()),
            (SampleFilter::Only, Some(ids)) => Self::Only(ids & samples),
            (SampleFilter::Exclude, None) => Self::Except(samples.clone()),
            (SampleFilter::Exclude, Some(ids)) => Self::Only(ids - samples),
        }
    }

    /// Removes the users that do not pass from a set.
    pub fn retain(&self, ids: &mut RoaringBitmap) {
        match self {
            Self::All => {}
            Self::Only(passing) => *ids &= passing,
            Self::Except(excluded) => *ids -= excluded,
        }
    }

    /// Whether a user passes.
    #[must_use]
    pub fn contains(&self, id: u32) -> bool {
        match self {
            Self::All => true,
            Self::Only(passing) => passing.contains(id),
            Self::Except(excluded) => !excluded.contains(id),
        }
    }

    /// How many of `total` users pass, if the filter's set contains only these.
    #[must_use]
    pub fn count(&self, total: u64) -> u64 {
        match self {
            Self::All => total,
            Self::Only(passing) => passing.len(),
            Self::Except(excluded) => total.saturating_sub(excluded.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_combine_samples_with_another_set() {
        let samples: RoaringBitmap = (1..=5).collect();
        let updated: RoaringBitmap = (4..=8).collect();
        for (sample_filter, only, expected) in [
            (SampleFilter::Include, None, "12345678"),
            (SampleFilter::Only, None, "12345"),
            (SampleFilter::Exclude, None, "678"),
            (SampleFilter::Include, Some(&updated), "45678"),
            (SampleFilter::Only, Some(&updated), "45"),
            (SampleFilter::Exclude, Some(&updated), "678"),
        ] {
            let filter = IdFilter::new(sample_filter, &samples, only.cloned());
            let passing: Vec<u32> = (1..=8).filter(|id| filter.contains(*id)).collect();
            let text: String = passing.iter().map(u32::to_string).collect();
            assert_eq!(text, expected, "{filter:?}");
            assert_eq!(filter.count(8), passing.len() as u64, "{filter:?}");
            let mut ids = (1..=8).collect();
            filter.retain(&mut ids);
            assert!(ids.iter().eq(passing), "{filter:?}");
        }
    }
}
