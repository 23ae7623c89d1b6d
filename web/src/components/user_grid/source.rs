use leptos::prelude::*;

use crate::state::user::User;

/// The rows that a grid shows.
#[derive(Clone, Copy)]
pub(crate) struct RowSource {
    /// The number of rows.
    pub(crate) rows: ReadSignal<usize>,
    /// Changes when existing rows are replaced.
    pub(crate) version: ReadSignal<u32>,
    pub(crate) user: Callback<usize, Option<User>>,
    /// The number of users in the directory before the first row.
    pub(crate) offset: u64,
    /// The number of users in the directory, once it is known.
    pub(crate) total: Callback<(), Option<u64>>,
}
