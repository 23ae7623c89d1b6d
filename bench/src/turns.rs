//! Two loads against each other, in turns.

use crate::{Outcome, load::Load, statistics::median};

/// What came of the runs.
pub(crate) struct Turns {
    /// The requests a second of each load, in the middle of its runs.
    pub(crate) medians: [f64; 2],
    /// How much faster the first is than the second: of two runs that follow each other, in the
    /// middle of all such pairs. What slows the machine down for a while slows both of a pair.
    pub(crate) ratio: f64,
}

/// So many runs of each, one after the other, after one of each that does not count.
pub(crate) fn in_turns(loads: &[Load<'_>; 2], runs: usize) -> Outcome<Turns> {
    let [first, second] = loads;
    let (mut firsts, mut seconds, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..=runs {
        let (rate, other) = (first.run()?, second.run()?);
        if run > 0 {
            firsts.push(rate);
            seconds.push(other);
            ratios.push(rate / other);
        }
    }
    Ok(Turns {
        medians: [median(firsts), median(seconds)],
        ratio: median(ratios),
    })
}
