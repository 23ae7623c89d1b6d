//! Text matching: folding, search terms and ranks.

mod fold;
mod letter;
mod rank;
mod search_term;

pub use self::{fold::fold, rank::Rank, search_term::SearchTerm};
