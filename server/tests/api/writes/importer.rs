//! Somebody who imports, and goes on where it broke off.

use std::collections::HashMap;

use frontdesk::user::{
    ImportBatch, ImportRow, ImportUsersRequest, StartImport, UserResponse,
    import_users_request::Kind, import_users_response, user_service_client::UserServiceClient,
};
use futures_util::stream;
use tonic::{Status, transport::Channel};

/// How many rows a batch has.
pub(super) const ROWS: i64 = 50;

/// An import that never ends.
pub(super) struct Importer {
    name: String,
    /// The last batch that was answered.
    pub(super) answered: i64,
}

impl Importer {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            answered: 0,
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

    fn begin(&self) -> ImportUsersRequest {
        let begin = StartImport {
            import_id: self.name.clone(),
            ..StartImport::default()
        };
        ImportUsersRequest {
            kind: Some(Kind::Start(begin)),
        }
    }

    /// Imports from where it was until it is ended, or so many batches are answered; how it was ended.
    pub(super) async fn import(
        &mut self,
        users: &mut UserServiceClient<Channel>,
        most: Option<i64>,
    ) -> Option<Status> {
        let last = most.map_or(i64::MAX, |most| self.answered + most + 1);
        let requests: Vec<_> = [self.begin()].into();
        let first = self.answered + 1;
        // What was taken and not answered is sent again: it is not taken twice.
        let batches: Vec<_> = (first..last.min(first + 10_000)).collect();
        let name = Self::new(&self.name);
        let batches = batches
            .into_iter()
            .map(move |sequence| name.batch(sequence));
        let requests = stream::iter(requests.into_iter().chain(batches));
        let mut answers = match users.import_users(requests).await {
            Ok(answer) => answer.into_inner(),
            Err(status) => return Some(status),
        };
        loop {
            let answer = match answers.message().await {
                Ok(Some(answer)) => answer,
                Ok(None) => return None,
                Err(status) => return Some(status),
            };
            match answer.kind.expect("something") {
                import_users_response::Kind::Started(begun) => assert!(
                    begun.last_sequence >= self.answered,
                    "{begun:?} after {}",
                    self.answered
                ),
                import_users_response::Kind::Batch(batch) => {
                    assert_eq!(batch.sequence, self.answered + 1);
                    let counts = batch.counts.unwrap_or_default();
                    assert_eq!((counts.created, counts.rejected), (ROWS, 0), "{batch:?}");
                    self.answered = batch.sequence;
                }
            }
        }
    }

    /// Every row that was answered is there; each once, as emails are.
    pub(super) fn assert_there(&self, there: &HashMap<i32, UserResponse>) {
        let mut emails: Vec<_> = there.values().map(|user| user.email.as_str()).collect();
        emails.sort_unstable();
        for sequence in 1..=self.answered {
            for row in 0..ROWS {
                let email = self.email(sequence, row);
                assert!(emails.binary_search(&email.as_str()).is_ok(), "{email}");
            }
        }
    }
}
