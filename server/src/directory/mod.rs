//! The domain: who is in the house, what a name and an address are, and what may be asked.
//!
//! Knows neither the wire nor the tables: services call a [`Directory`], the store is one.

mod change;
mod edit;
mod error;
mod everybody;
mod greeting;
mod import;
mod moment;
mod selection;
mod user;

use std::future::Future;

use futures_core::Stream;

pub use frontdesk_fields::{Email, EmailError, Name, NameError};

pub use self::{
    change::{Change, ChangeKind, News},
    edit::{Edit, EditId, EditIdError, Edited, OnExisting, Refused},
    error::Error,
    everybody::{Everybody, TooMany},
    greeting::{GREETINGS, Greeting},
    import::{
        BadField, BeginImport, Import, ImportBatch, ImportCounts, ImportProgress, ImportRefused,
        ImportRow, Imported, ImportedBatch, Importing, RowField,
    },
    moment::Moment,
    selection::{FieldViolation, Page, Selection},
    user::{NewUser, Revision, User, UserId},
};

/// Where users are kept and found. Cloning is shallow: all clones are the same directory.
pub trait Directory: Clone + Send + Sync + 'static {
    /// Users in the order of their ids, in batches of some thousand: the next batch is read when
    /// the one before it has been taken, so a reader that stops taking stops the reading.
    type Rows: Stream<Item = Result<Vec<User>, Error>> + Send + Unpin + 'static;

    /// The user with this id, or `None` where there is none.
    fn user(&self, id: UserId) -> impl Future<Output = Result<Option<User>, Error>> + Send;

    /// Makes a change, and answers with the user it made; what is answered is on disk. Under an id
    /// that was used within a day it changes nothing, and answers as it did then.
    fn edit(&self, edit: Edit, id: Option<EditId>) -> impl Future<Output = Edited<User>> + Send;

    /// An import that is under way.
    type Import: Import;

    /// Begins an import, or goes on with one that was begun within a day; says how far that is.
    fn import(
        &self,
        begin: BeginImport,
    ) -> impl Future<Output = Edited<(Self::Import, ImportProgress), ImportRefused>> + Send;

    /// The users that `selection` names, with the totals of the moment when reading began.
    fn list(
        &self,
        selection: Selection,
    ) -> impl Future<Output = Result<Listing<Self::Rows>, Error>> + Send;
}

/// The answer to [`Directory::list`].
#[derive(Debug)]
pub struct Listing<R> {
    /// How many users the directory holds, whatever the selection.
    pub total: u64,
    /// The directory's revision when the reading began.
    pub revision: Revision,
    /// The users.
    pub rows: R,
}
