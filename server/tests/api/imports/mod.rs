//! `ImportUsers`.

mod batches;
mod invalid;
mod resume;
mod validate_only;

use frontdesk::user::{
    ImportBatch, ImportBatchResult, ImportCounts, ImportRow, ImportUsersRequest, OnExisting,
    StartImport, UserRequest, import_users_request::Kind, import_users_response,
};
use futures_util::stream;
use tonic::Status;

use crate::helpers::Users;

fn start(id: &str, on_existing: OnExisting) -> ImportUsersRequest {
    let start = StartImport {
        import_id: id.to_owned(),
        on_existing: on_existing.into(),
        validate_only: false,
    };
    ImportUsersRequest {
        kind: Some(Kind::Start(start)),
    }
}

fn start_validation(id: &str, on_existing: OnExisting) -> ImportUsersRequest {
    let mut request = start(id, on_existing);
    if let Some(Kind::Start(start)) = &mut request.kind {
        start.validate_only = true;
    }
    request
}

fn batch(sequence: i64, rows: &[(i64, &str, &str)]) -> ImportUsersRequest {
    let rows = rows.iter().map(|(line, name, email)| ImportRow {
        line: *line,
        name: (*name).to_owned(),
        email: (*email).to_owned(),
    });
    let batch = ImportBatch {
        sequence,
        rows: rows.collect(),
    };
    ImportUsersRequest {
        kind: Some(Kind::Batch(batch)),
    }
}

/// Batches of one row each.
fn batches(sequences: std::ops::RangeInclusive<i64>) -> Vec<ImportUsersRequest> {
    sequences
        .map(|sequence| batch(sequence, &[(sequence, "Ada", &email(sequence))]))
        .collect()
}

fn email(number: i64) -> String {
    format!("ada{number}@example.org")
}

/// Sends these requests; returns the responses and the final status.
async fn import_with_status(
    users: &mut Users,
    requests: Vec<ImportUsersRequest>,
) -> (Vec<import_users_response::Kind>, Result<(), Status>) {
    let responses = users.import_users(stream::iter(requests)).await;
    let mut responses = match responses {
        Ok(responses) => responses.into_inner(),
        Err(status) => return (Vec::new(), Err(status)),
    };
    let mut kinds = Vec::new();
    loop {
        match responses.message().await {
            Ok(Some(response)) => kinds.push(response.kind.expect("response kind")),
            Ok(None) => return (kinds, Ok(())),
            Err(status) => return (kinds, Err(status)),
        }
    }
}

/// The batch results of a successful call.
async fn import(users: &mut Users, requests: Vec<ImportUsersRequest>) -> Vec<ImportBatchResult> {
    let (kinds, end) = import_with_status(users, requests).await;
    end.expect("call succeeds");
    kinds.into_iter().filter_map(batch_result).collect()
}

fn batch_result(kind: import_users_response::Kind) -> Option<ImportBatchResult> {
    match kind {
        import_users_response::Kind::Batch(batch) => Some(batch),
        import_users_response::Kind::Started(_) => None,
    }
}

fn counts(counts: Option<ImportCounts>) -> [i64; 4] {
    let counts = counts.expect("counts");
    let ImportCounts {
        created,
        updated,
        unchanged,
        rejected,
    } = counts;
    [created, updated, unchanged, rejected]
}

async fn name_of(users: &mut Users, id: i32) -> Option<String> {
    let user = users.get_user(UserRequest { id }).await;
    user.ok().map(|user| user.into_inner().name)
}
