//! The domain: who is in the house, what a name and an address are, and what may be asked.
//!
//! Knows neither the wire nor the tables: services call a [`Directory`], the store is one.

mod change;
mod edit;
mod error;
mod everybody;
mod greeting;
mod history;
mod import;
mod interest;
mod moment;
mod page;
mod selection;
mod sorting;
mod sought;
mod token;
mod user;

use std::{future::Future, sync::Arc};

use futures_core::Stream;

pub use frontdesk_fields::{Email, EmailError, Name, NameError, Query, QueryError};

pub use self::{
    change::{Change, ChangeKind, News},
    edit::{Edit, EditId, EditIdError, Edited, OnExisting, Refused},
    error::Error,
    everybody::{Everybody, TooMany},
    greeting::{GREETINGS, Greeting},
    history::History,
    import::{
        BadField, BeginImport, Import, ImportBatch, ImportCounts, ImportProgress, ImportRefused,
        ImportRow, Imported, ImportedBatch, Importing, RowField,
    },
    interest::Interest,
    moment::Moment,
    page::Page,
    selection::{FieldViolation, Filter, Part, Samples, Selection, Wanted},
    sorting::{By, Sorting, SortingError},
    sought::Sought,
    token::{PageToken, PageTokenError, Position},
    user::{NewUser, Revision, User, UserId},
};

/// Where users are kept and found. Cloning is shallow: all clones are the same directory.
pub trait Directory: Clone + Send + Sync + 'static {
    /// Users in the order of the selection, in batches of some thousand at most: the next batch is
    /// read when the one before it has been taken, so a reader that stops taking stops the reading.
    type Rows: Stream<Item = Result<Vec<User>, Error>> + Send + Unpin + 'static;

    /// Changes as they come, in batches: in the order of their revisions, each once, without a gap.
    /// It has no end of its own. A reader that stops taking stops the reading, and nothing is kept
    /// for it meanwhile: [`Error::TooFarBack`] where it comes back when the record is gone.
    type Watch: Stream<Item = Result<Vec<Arc<News>>, Error>> + Send + Unpin + 'static;

    /// Changes on record, in batches, the newest first.
    type Changes: Stream<Item = Result<Vec<Change>, Error>> + Send + Unpin + 'static;

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

    /// Every change after this revision, or after the newest there is now.
    fn watch(
        &self,
        from: Option<Revision>,
    ) -> impl Future<Output = Result<Watching<Self::Watch>, Error>> + Send;

    /// The changes on record that `history` names.
    fn changes(&self, history: History) -> Self::Changes;
}

/// The answer to [`Directory::list`].
#[derive(Debug)]
pub struct Listing<R> {
    /// How many users the selection holds, whatever part of it is read.
    pub total: u64,
    /// The directory's revision when the reading began: whoever watches from there misses nothing.
    pub revision: Revision,
    /// Where the list goes on behind a page that is not the last.
    pub next: Option<PageToken>,
    /// The users.
    pub rows: R,
}

/// The answer to [`Directory::watch`].
#[derive(Debug)]
pub struct Watching<W> {
    /// After which revision the changes begin.
    pub from: Revision,
    /// The directory's revision when the watching began.
    pub head: Revision,
    /// The changes.
    pub news: W,
}
