//! Somebody in the directory.

/// One entry of the directory, as the page shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The number that the directory knows them by.
    pub id: i32,
    /// Their name, as they write it.
    pub name: String,
    /// Their address.
    pub email: String,
}
