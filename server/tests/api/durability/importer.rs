//! An import that resumes after interruptions.

use std::collections::{HashMap, HashSet};

use frontdesk::user::{
    ImportBatch, ImportRow, ImportUsersRequest, StartImport, UserResponse,
    import_users_request::Kind, import_users_response,
};
use futures_util::stream;
use tonic::Status;

use crate::helpers::Users;

/// Rows per batch.
pub(crate) const ROWS: i64 = 50;

pub(crate) struct Importer {
    name: String,
    /// The sequence of the last acknowledged batch.
    pub(crate) acknowledged: i64,
}

impl Importer {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            acknowledged: 0,
        }
    }

    fn email(&self, sequence: i64, row: i64) -> String {
        format!("{}.{sequence}.{row}@example.org", self.name)
    }

    fn batch(&self, sequence: i64) -> ImportUsersRequest {
        let rows = (0..ROWS).map(|row| ImportRow {
            line: sequence * ROWS + row,
            name: format!("Imported {sequence}"),
            email: self.email(sequence, row),
        });
        let batch = ImportBatch {
            sequence,
            rows: rows.collect(),
        };
        ImportUsersRequest {
            kind: Some(Kind::Batch(batch)),
        }
    }

    fn start(&self) -> ImportUsersRequest {
        let start = StartImport {
            import_id: self.name.clone(),
            ..StartImport::default()
        };
        ImportUsersRequest {
            kind: Some(Kind::Start(start)),
        }
    }

    /// Resumes the import until the call fails or `limit` batches are acknowledged; returns the error.
    pub(crate) async fn import(&mut self, users: &mut Users, limit: Option<i64>) -> Option<Status> {
        let last = limit.map_or(i64::MAX, |limit| self.acknowledged + limit + 1);
        let start = self.start();
        // Batches that were written but not acknowledged are sent again.
        let first = self.acknowledged + 1;
        let import = Self::new(&self.name);
        let batches = (first..last.min(first + 10_000)).map(move |sequence| import.batch(sequence));
        let requests = stream::iter(std::iter::once(start).chain(batches));
        let mut responses = match users.import_users(requests).await {
            Ok(response) => response.into_inner(),
            Err(status) => return Some(status),
        };
        loop {
            let response = match responses.message().await {
                Ok(Some(response)) => response,
                Ok(None) => return None,
                Err(status) => return Some(status),
            };
            match response.kind.expect("response kind") {
                import_users_response::Kind::Started(started) => assert!(
                    started.last_sequence >= self.acknowledged,
                    "{started:?} after {}",
                    self.acknowledged
                ),
                import_users_response::Kind::Batch(batch) => {
                    assert_eq!(batch.sequence, self.acknowledged + 1);
                    let counts = batch.counts.unwrap_or_default();
                    assert_eq!((counts.created, counts.rejected), (ROWS, 0), "{batch:?}");
                    self.acknowledged = batch.sequence;
                }
            }
        }
    }

    /// Panics if a row of an acknowledged batch is missing. Unique emails exclude duplicates.
    pub(crate) fn assert_contained_in(&self, users: &HashMap<i32, UserResponse>) {
        let emails: HashSet<_> = users.values().map(|user| user.email.as_str()).collect();
        for sequence in 1..=self.acknowledged {
            for row in 0..ROWS {
                let email = self.email(sequence, row);
                assert!(emails.contains(email.as_str()), "{email}");
            }
        }
    }
}
