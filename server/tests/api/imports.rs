//! `ImportUsers`: batches in, what became of them out.

use frontdesk::user::{
    ImportBatch, ImportBatchResult, ImportCounts, ImportRow, ImportUsersRequest,
    ImportUsersResponse, OnExisting, StartImport, UserRequest, import_users_request::Kind,
    import_users_response, user_service_client::UserServiceClient,
};
use futures_util::stream;
use tokio::sync::mpsc;
use tonic::{Code, Status, Streaming, transport::Channel};
use tonic_types::StatusExt as _;

use crate::helpers::Server;

/// Who is in a new directory.
const THERE: i32 = 1_000;

fn begin(id: &str, on_existing: OnExisting) -> ImportUsersRequest {
    let begin = StartImport {
        import_id: id.to_owned(),
        on_existing: on_existing.into(),
        validate_only: false,
    };
    ImportUsersRequest {
        kind: Some(Kind::Start(begin)),
    }
}

fn dry(id: &str, on_existing: OnExisting) -> ImportUsersRequest {
    let mut begin = begin(id, on_existing);
    if let Some(Kind::Start(begin)) = &mut begin.kind {
        begin.validate_only = true;
    }
    begin
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

/// As many batches of one row each.
fn batches(sequences: std::ops::RangeInclusive<i64>) -> Vec<ImportUsersRequest> {
    sequences
        .map(|sequence| batch(sequence, &[(sequence, "Ada", &email(sequence))]))
        .collect()
}

fn email(number: i64) -> String {
    format!("ada{number}@example.org")
}

/// A call whose requests are all there; what was answered until it ended, and how.
async fn import(
    users: &mut UserServiceClient<Channel>,
    requests: Vec<ImportUsersRequest>,
) -> (Vec<import_users_response::Kind>, Result<(), Status>) {
    let answers = users.import_users(stream::iter(requests)).await;
    let mut answers = match answers {
        Ok(answers) => answers.into_inner(),
        Err(status) => return (Vec::new(), Err(status)),
    };
    let mut kinds = Vec::new();
    loop {
        match answers.message().await {
            Ok(Some(answer)) => kinds.push(answer.kind.expect("a kind")),
            Ok(None) => return (kinds, Ok(())),
            Err(status) => return (kinds, Err(status)),
        }
    }
}

/// What was answered to the batches of a call that ended well.
async fn imported(
    users: &mut UserServiceClient<Channel>,
    requests: Vec<ImportUsersRequest>,
) -> Vec<ImportBatchResult> {
    let (kinds, end) = import(users, requests).await;
    end.expect("it ends well");
    kinds.into_iter().filter_map(of_batch).collect()
}

fn of_batch(kind: import_users_response::Kind) -> Option<ImportBatchResult> {
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

async fn name(users: &mut UserServiceClient<Channel>, id: i32) -> Option<String> {
    let user = users.get_user(UserRequest { id }).await;
    user.ok().map(|user| user.into_inner().name)
}

#[tokio::test]
async fn each_batch_is_answered_with_what_became_of_its_rows() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let batches = imported(
        &mut users,
        vec![
            begin("first", OnExisting::Unspecified),
            batch(
                1,
                &[
                    (2, "Ada", "ada@example.org"),
                    (3, "Bob", "ADA@example.org"),
                    (4, " ", "x@example.org"),
                    (5, "Grace", "x.example.org"),
                    (6, "John Doe", "john@example.com"),
                ],
            ),
            batch(2, &[(7, "Grace", "grace@example.org")]),
        ],
    )
    .await;
    assert_eq!(batches.len(), 2);
    assert_eq!(counts(batches[0].counts), [1, 0, 1, 3]);
    let refused: Vec<_> = batches[0]
        .rejected_rows
        .iter()
        .map(|row| (row.line, &row.field[..], &row.value[..], &row.reason[..]))
        .collect();
    let taken = "user 1001 has this email address and another name";
    assert_eq!(refused[0], (3, "email", "ADA@example.org", taken));
    assert_eq!(refused[1], (4, "name", " ", "a name is required"));
    let no_email = "invalid email address: the @ is missing";
    assert_eq!(refused[2], (5, "email", "x.example.org", no_email));
    assert_eq!(counts(batches[1].counts), [1, 0, 0, 0]);
    assert_eq!(batches[1].revision, batches[0].revision + 1);
    assert_eq!(
        name(&mut users, THERE + 2).await.as_deref(),
        Some("Grace"),
        "no id was used up by rows that made nobody"
    );
}

#[tokio::test]
async fn who_is_there_is_refused_skipped_or_updated_as_was_said() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let rows = [
        (1, "Jane", "John@example.com"),
        (2, "Ada", "ada@example.org"),
    ];
    for (id, on_existing, expected, john) in [
        ("a", OnExisting::Unspecified, [1, 0, 0, 1], "John Doe"),
        ("b", OnExisting::Skip, [0, 0, 2, 0], "John Doe"),
        ("c", OnExisting::Update, [0, 1, 1, 0], "Jane"),
    ] {
        let batches = imported(&mut users, vec![begin(id, on_existing), batch(1, &rows)]).await;
        assert_eq!(counts(batches[0].counts), expected, "{on_existing:?}");
        assert_eq!(name(&mut users, 1).await.as_deref(), Some(john));
    }
}

#[tokio::test]
async fn an_import_goes_on_where_it_broke_off_and_answers_what_it_took_as_it_did_then() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let begin = || begin("broken off", OnExisting::Unspecified);
    let refused = batch(1, &[(1, "Ada", "ada@example.org"), (2, "", "")]);
    let first = [vec![begin(), refused.clone()], batches(2..=3)].concat();
    let first = imported(&mut users, first).await;

    let again = [vec![begin(), refused], batches(2..=5)];
    let (kinds, end) = import(&mut users, again.concat()).await;
    end.expect("it ends well");
    let import_users_response::Kind::Started(far) = &kinds[0] else {
        panic!("{kinds:?}");
    };
    assert_eq!(far.last_sequence, 3);
    assert_eq!(counts(far.counts), [3, 0, 0, 1]);
    let again: Vec<_> = kinds.into_iter().filter_map(of_batch).collect();
    assert_eq!(again[..3], first[..]);
    assert_eq!(counts(again[4].counts), [1, 0, 0, 0]);
    assert_eq!(name(&mut users, THERE + 5).await.as_deref(), Some("Ada"));
    assert_eq!(name(&mut users, THERE + 6).await, None, "taken twice");

    // Another call may begin right behind the last one.
    let rest = imported(&mut users, [vec![begin()], batches(6..=6)].concat()).await;
    assert_eq!(rest[0].sequence, 6);
}

#[tokio::test]
async fn two_calls_at_once_under_one_id_take_nobody_twice() {
    const BATCHES: i64 = 200;
    let desk = Server::open().await;
    let mut calls = Vec::new();
    for _ in 0..4 {
        let mut users = desk.users().await;
        calls.push(tokio::spawn(async move {
            let begin = begin("at once", OnExisting::Unspecified);
            let requests = [vec![begin], batches(1..=BATCHES)].concat();
            imported(&mut users, requests).await
        }));
    }
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.expect("no panic"));
    }
    assert_eq!(answers[0].len(), usize::try_from(BATCHES).expect("small"));
    for batch in &answers[0] {
        assert_eq!(counts(batch.counts), [1, 0, 0, 0]);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

#[tokio::test]
async fn a_request_that_cannot_be_read_names_its_field_after_what_was_right_before_it() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let begun = begin("bad", OnExisting::Unspecified);
    imported(&mut users, vec![begun.clone(), batches(1..=1).remove(0)]).await;
    let many: Vec<_> = (0..1_001).map(|line| (line, "Ada", "x")).collect();
    let good = || batches(2..=2).remove(0);
    let nothing = ImportUsersRequest { kind: None };
    for (requests, answers, field) in [
        (vec![], 0, "requests"),
        (vec![good()], 0, "requests[0].start"),
        (vec![nothing.clone()], 0, "requests[0].start"),
        (vec![begun.clone(), nothing], 1, "requests[1].batch"),
        (
            vec![begun.clone(), good(), begun.clone()],
            2,
            "requests[2].start",
        ),
        (
            vec![begin("", OnExisting::Skip)],
            0,
            "requests[0].start.import_id",
        ),
        (
            vec![begin(&"x".repeat(65), OnExisting::Skip)],
            0,
            "requests[0].start.import_id",
        ),
        (
            vec![begin("bad", OnExisting::Skip)],
            0,
            "requests[0].start.on_existing",
        ),
        (
            [vec![begun.clone()], batches(4..=4)].concat(),
            1,
            "requests[1].batch.sequence",
        ),
        (
            [vec![begun.clone()], batches(0..=0)].concat(),
            1,
            "requests[1].batch.sequence",
        ),
        (
            vec![begun.clone(), good(), good()],
            2,
            "requests[2].batch.sequence",
        ),
        (
            vec![begun.clone(), batch(2, &[])],
            1,
            "requests[1].batch.rows",
        ),
        (
            vec![begun.clone(), batch(2, &many)],
            1,
            "requests[1].batch.rows",
        ),
    ] {
        let (kinds, end) = import(&mut users, requests).await;
        let status = end.expect_err(field);
        assert_eq!(status.code(), Code::InvalidArgument, "{field}: {status}");
        let bad = status.get_details_bad_request().expect("details");
        assert_eq!(bad.field_violations[0].field, field, "{status}");
        assert_eq!(kinds.len(), answers, "{field}");
    }
}

#[tokio::test]
async fn a_dry_run_answers_the_same_over_all_its_batches_and_keeps_nothing() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let requests = [
        batch(
            1,
            &[
                (1, "Ada", "ada@example.org"),
                (2, "Jane", "john@example.com"),
                (3, "", "x"),
            ],
        ),
        batch(
            2,
            &[
                (4, "Ada", "ada@example.org"),
                (5, "Eve", "ADA@example.org"),
                (6, "Jane", "john@example.com"),
                (7, "Bob", "bob@example.org"),
            ],
        ),
    ];
    for on_existing in [
        OnExisting::Unspecified,
        OnExisting::Skip,
        OnExisting::Update,
    ] {
        let desk = Server::open().await;
        let mut really = desk.users().await;
        let with = |begin| [vec![begin], requests.to_vec()].concat();
        let wet = imported(&mut really, with(begin("wet", on_existing))).await;
        let dry = imported(&mut users, with(dry("dry", on_existing))).await;
        for (wet, dry) in wet.iter().zip(&dry) {
            assert_eq!(wet.counts, dry.counts, "{on_existing:?}");
            assert_eq!(wet.rejected_rows, dry.rejected_rows, "{on_existing:?}");
        }
    }
    assert_eq!(name(&mut users, 1).await.as_deref(), Some("John Doe"));
    assert_eq!(name(&mut users, THERE + 1).await, None);
    // Nor is it gone on with.
    let begun = vec![begin("dry", OnExisting::Skip), requests[0].clone()];
    assert_eq!(imported(&mut users, begun).await[0].sequence, 1);
}

#[tokio::test]
async fn each_batch_is_answered_while_the_call_is_open() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let (requests, receiver) = mpsc::channel(1);
    let receiver = stream::unfold(receiver, |mut requests| async {
        requests.recv().await.map(|request| (request, requests))
    });
    requests
        .send(begin("open", OnExisting::Unspecified))
        .await
        .expect("a reader");
    let mut answers: Streaming<ImportUsersResponse> = users
        .import_users(receiver)
        .await
        .expect("a stream")
        .into_inner();
    for request in batches(1..=3) {
        let before = answers.message().await.expect("an answer");
        assert!(before.is_some(), "it ended");
        requests.send(request).await.expect("a reader");
    }
    drop(requests);
    assert!(answers.message().await.expect("an answer").is_some());
    assert!(answers.message().await.expect("the end").is_none());
}

#[tokio::test]
async fn an_import_that_goes_on_with_other_rows_is_refused_and_nobody_is_lost() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let first = || vec![begin("known", OnExisting::Unspecified)];
    let with = |rows: &[(i64, &str, &str)]| [first(), vec![batch(1, rows)]].concat();
    let ada = with(&[(1, "Ada", "ada@example.org")]);
    let answered = imported(&mut users, ada.clone()).await;
    assert_eq!(imported(&mut users, ada).await, answered, "as it was then");
    // Other rows under the number of a batch that was taken: who is in them is not passed over.
    for rows in [
        &[(1, "Grace", "grace@example.org")][..],
        &[(1, "Ada", "ada@example.org"), (2, "Bob", "bob@example.org")],
        &[(1, "Ada", "")],
    ] {
        let (_, end) = import(&mut users, with(rows)).await;
        let status = end.expect_err("other rows");
        assert_eq!(status.code(), Code::InvalidArgument, "{rows:?}");
        let details = status.get_details_bad_request().expect("the field");
        assert_eq!(details.field_violations[0].field, "requests[1].batch.rows");
    }
    assert_eq!(name(&mut users, THERE + 2).await, None);
}

#[tokio::test]
async fn of_a_refused_value_that_is_long_its_beginning_is_said() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let long = "é".repeat(100_000);
    let rows = [(1, long.as_str(), "ada@example.org")];
    let requests = vec![begin("long", OnExisting::Unspecified), batch(1, &rows)];
    let answered = imported(&mut users, requests).await;
    assert_eq!(answered[0].rejected_rows[0].value, "é".repeat(300));
}

#[tokio::test]
async fn dry_runs_that_only_begin_take_nobodys_place() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let mut idle = Vec::new();
    for number in 0..16 {
        let (requests, receiver) = mpsc::channel(2);
        let begin = dry(&format!("idle {number}"), OnExisting::Skip);
        requests.send(begin).await.expect("room");
        let answers = users.import_users(tokio_stream::wrappers::ReceiverStream::new(receiver));
        let mut answers = answers.await.expect("a call").into_inner();
        answers.message().await.expect("begun");
        idle.push((requests, answers));
    }
    let requests = vec![
        dry("busy", OnExisting::Skip),
        batch(1, &[(1, "Ada", "ada@example.org")]),
    ];
    let answered = imported(&mut users, requests).await;
    assert_eq!(counts(answered[0].counts), [1, 0, 0, 0]);
}
