//! Lists that search, sort and let through.

use frontdesk::{
    unqualified,
    user::{
        CreateUserRequest, DeleteUserRequest, ListUsersRequest, SampleFilter, UserRequest,
        UserResponse, user_service_client::UserServiceClient,
    },
};
use prost::Message as _;
use prost_types::Timestamp;
use tokio_stream::StreamExt as _;
use tonic::{Code, Response, Status, Streaming, transport::Channel};
use tonic_types::StatusExt as _;

use crate::helpers::{Frame, Server, Version, Wire, frames, message};

type Client = UserServiceClient<Channel>;

/// A list, and what is said of it.
#[derive(Debug, PartialEq)]
struct Found {
    users: Vec<UserResponse>,
    total: u64,
    revision: u64,
    next: Option<String>,
}

impl Found {
    fn ids(&self) -> Vec<i32> {
        self.users.iter().map(|user| user.id).collect()
    }

    fn names(&self) -> Vec<&str> {
        self.users.iter().map(|user| user.name.as_str()).collect()
    }
}

async fn found(list: Response<Streaming<UserResponse>>) -> Found {
    let text = |name| {
        let value = list.metadata().get(name)?;
        Some(value.to_str().expect("text").to_owned())
    };
    let number = |name| text(name).expect(name).parse().expect("a number");
    let (total, revision) = (number("x-total-count"), number("x-revision"));
    let next = text("x-next-page-token");
    let users = list.into_inner().map(|user| user.expect("a user"));
    Found {
        users: users.collect().await,
        total,
        revision,
        next,
    }
}

async fn find(users: &mut Client, request: ListUsersRequest) -> Found {
    found(users.list_users(request).await.expect("a list")).await
}

fn query(query: &str) -> ListUsersRequest {
    ListUsersRequest {
        query: query.to_owned(),
        ..ListUsersRequest::default()
    }
}

async fn create(users: &mut Client, name: &str, email: &str) -> i32 {
    let request = CreateUserRequest {
        name: name.to_owned(),
        email: email.to_owned(),
        request_id: String::new(),
    };
    let created = users.create_user(request).await.expect("created");
    created.into_inner().id
}

/// The fields that a refusal names, each with a reason.
fn refused_fields(status: &Status) -> Vec<String> {
    assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
    let details = status.get_details_bad_request().expect("the fields");
    let named = details.field_violations.into_iter().map(|violation| {
        assert!(!violation.description.is_empty(), "{}", violation.field);
        violation.field
    });
    named.collect()
}

#[tokio::test]
async fn people_are_found_as_they_are_typed_in_any_script() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    for (name, email, typed) in [
        ("Zoë Quux", "quux@example.org", "zoe q"),
        ("Sokołów", "s@example.org", "sokolow"),
        ("山田太郎", "y@example.org", "田太"),
        ("권콕준", "k@example.org", "콕준"),
        ("שָׁלוֹם כהן", "sh@example.org", "שלום"),
        ("عبد الله", "abd@example.org", "عبد"),
        ("Ελένη ΣΊΣΥΦΟΣ", "e@example.org", "σίσυφος ελενη"),
    ] {
        let id = create(&mut users, name, email).await;
        // Also by who has only just been told that they were created.
        let list = find(&mut users, query(typed)).await;
        assert_eq!((list.ids(), list.total), (vec![id], 1), "{typed}");
    }
}

#[tokio::test]
async fn an_id_or_a_whole_address_is_first_and_the_best_matches_come_before_others() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    create(&mut users, "Maxex", "a@example.org").await;
    create(&mut users, "Agent 42 Xex", "b@example.org").await;
    create(&mut users, "Xexia", "c@example.org").await;
    create(&mut users, "Xex", "d@example.org").await;
    let address = create(&mut users, "Yolanda", "xex@example.org").await;
    let list = find(&mut users, query("XEX")).await;
    let names = ["Xex", "Xexia", "Agent 42 Xex", "Yolanda", "Maxex"];
    assert_eq!(list.names(), names);
    let list = find(&mut users, query(" 42 ")).await;
    assert_eq!(list.ids()[0], 42);
    assert!(list.names().contains(&"Agent 42 Xex"));
    let list = find(&mut users, query("Xex@Example.ORG")).await;
    assert_eq!(list.ids(), [address]);
    let list = find(&mut users, query("john@example.com")).await;
    assert_eq!(list.ids()[0], 1);
}

#[tokio::test]
async fn whatever_is_typed_is_looked_for_and_no_syntax() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let odd = r#"%_%"*-NEAR(a OR b)^{x}:'\"#;
    let id = create(&mut users, odd, "odd@example.org").await;
    for typed in [odd, "%_", "\"*", "-near(", "a or b)", "^{x}", ":'", "'\\"] {
        let list = find(&mut users, query(typed)).await;
        assert_eq!(list.ids(), [id], "{typed}");
    }
    for typed in [
        "%%",
        "_o_",
        "john*",
        "\"john\"",
        "NEAR(john doe)",
        "-john",
        "\0",
        "\u{301}",
    ] {
        let list = find(&mut users, query(typed)).await;
        assert_eq!((list.users, list.total), (vec![], 0), "{typed:?}");
    }
}

#[tokio::test]
async fn a_search_has_at_most_64_characters() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    for character in ["x", "名"] {
        let most = find(&mut users, query(&character.repeat(64))).await;
        assert_eq!(most.total, 0);
        let refused = users.list_users(query(&character.repeat(65))).await;
        let refused = refused.expect_err("too long");
        assert_eq!(refused_fields(&refused), ["query"]);
        assert!(refused.message().contains("at most 64 characters"));
    }
}

#[tokio::test]
async fn nothing_typed_is_everybody_by_id() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    for nothing in ["", "  \u{3000}"] {
        let list = find(&mut users, query(nothing)).await;
        assert_eq!(list.ids(), (1..=1_000).collect::<Vec<_>>());
        assert_eq!((list.total, list.next), (1_000, None));
    }
}

#[tokio::test]
async fn a_list_is_walked_by_its_tokens_in_every_order() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    for order_by in [
        "",
        "id desc",
        "name",
        "name desc",
        "email",
        "update_time desc",
    ] {
        for typed in ["", "a"] {
            let request = ListUsersRequest {
                order_by: order_by.to_owned(),
                page_size: 300,
                ..query(typed)
            };
            let whole = find(&mut users, request.clone()).await;
            assert_eq!(whole.next, None);
            let mut read = Vec::new();
            let mut page = ListUsersRequest {
                page: 1,
                ..request.clone()
            };
            loop {
                let answer = find(&mut users, page).await;
                assert_eq!(
                    (answer.total, answer.revision),
                    (whole.total, whole.revision)
                );
                read.extend(answer.users);
                let Some(page_token) = answer.next else {
                    break;
                };
                page = ListUsersRequest {
                    page_token,
                    ..request.clone()
                };
            }
            assert_eq!(read, whole.users, "{order_by:?} {typed:?}");
        }
    }
}

#[tokio::test]
async fn tokens_are_short_however_long_what_a_list_is_sorted_by_is() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    // Each is sorted by eighteen characters.
    let name = "\u{fdfa}".repeat(200);
    for number in 0..5 {
        let request = CreateUserRequest {
            name: name.clone(),
            email: format!("long{number}@example.org"),
            ..CreateUserRequest::default()
        };
        users.create_user(request).await.expect("created");
    }
    for order_by in ["name", "name desc"] {
        let mut request = ListUsersRequest {
            query: "long".to_owned(),
            order_by: order_by.to_owned(),
            page: 1,
            page_size: 1,
            ..ListUsersRequest::default()
        };
        let mut ids = Vec::new();
        loop {
            let answer = find(&mut users, request.clone()).await;
            ids.extend(answer.users.iter().map(|user| user.id));
            let Some(page_token) = answer.next else {
                break;
            };
            assert!(page_token.len() < 2_000, "{}", page_token.len());
            assert!(ids.len() < 5, "{ids:?}: it never ends");
            request.page = 0;
            request.page_token = page_token;
        }
        ids.sort_unstable();
        assert_eq!(ids, [1_001, 1_002, 1_003, 1_004, 1_005], "{order_by}");
    }
}

#[tokio::test]
async fn what_is_no_order_token_or_filter_is_refused_with_the_field() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let page = |order_by: &str| ListUsersRequest {
        page: 1,
        order_by: order_by.to_owned(),
        ..ListUsersRequest::default()
    };
    let token = find(&mut users, page("name")).await.next.expect("a token");
    let with_token = |request: ListUsersRequest| ListUsersRequest {
        page: 0,
        page_token: token.clone(),
        ..request
    };
    let since = |seconds, nanos| ListUsersRequest {
        min_update_time: Some(Timestamp { seconds, nanos }),
        ..ListUsersRequest::default()
    };
    assert_eq!(
        find(&mut users, with_token(page("name"))).await.users.len(),
        50
    );
    for (request, field) in [
        (page("age"), "order_by"),
        (page("name, id"), "order_by"),
        (page("NAME"), "order_by"),
        (with_token(page("")), "page_token"),
        (with_token(page("name desc")), "page_token"),
        (with_token(query("ada")), "page_token"),
        (
            ListUsersRequest {
                show_deleted: true,
                ..with_token(page("name"))
            },
            "page_token",
        ),
        (
            ListUsersRequest {
                page: 1,
                ..with_token(page("name"))
            },
            "page_token",
        ),
        (
            ListUsersRequest {
                page_token: "no token".to_owned(),
                ..ListUsersRequest::default()
            },
            "page_token",
        ),
        (
            ListUsersRequest {
                sample_filter: 7,
                ..ListUsersRequest::default()
            },
            "sample_filter",
        ),
        (since(0, -1), "min_update_time"),
        (since(0, 1_000_000_000), "min_update_time"),
        (since(i64::MAX, 0), "min_update_time"),
    ] {
        let refused = users.list_users(request).await.expect_err(field);
        assert_eq!(refused_fields(&refused), [field]);
    }
}

#[tokio::test]
async fn filters_let_through_and_the_total_says_how_many() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let gone = create(&mut users, "Ada Quux", "ada@example.org").await;
    let samples = |samples: SampleFilter| ListUsersRequest {
        sample_filter: samples.into(),
        ..ListUsersRequest::default()
    };
    assert_eq!(
        find(&mut users, samples(SampleFilter::Only)).await.total,
        999
    );
    let real = find(&mut users, samples(SampleFilter::Exclude)).await;
    assert_eq!((real.ids(), real.total), (vec![1, gone], 2));
    let change = DeleteUserRequest {
        id: gone,
        ..DeleteUserRequest::default()
    };
    let deleted = users
        .delete_user(change)
        .await
        .expect("deleted")
        .into_inner();
    let bin = ListUsersRequest {
        show_deleted: true,
        ..query("quux")
    };
    let bin = find(&mut users, bin).await;
    assert_eq!((bin.users, bin.total), (vec![deleted.clone()], 1));
    let john = users.get_user(UserRequest { id: 1 }).await.expect("John");
    let since = |time: Option<Timestamp>| ListUsersRequest {
        min_update_time: time,
        ..ListUsersRequest::default()
    };
    let all = find(&mut users, since(john.into_inner().update_time)).await;
    assert_eq!(all.total, 1_000);
    let later = deleted.update_time.map(|time| Timestamp {
        seconds: time.seconds + 1,
        ..time
    });
    assert_eq!(find(&mut users, since(later)).await.total, 0);
}

#[tokio::test]
async fn the_path_without_a_package_finds_the_same() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let channel = desk.channel().await;
    let mut plain = unqualified::user_service_client::UserServiceClient::new(channel);
    let request = ListUsersRequest {
        page: 2,
        page_size: 10,
        order_by: "email desc".to_owned(),
        ..query("an")
    };
    let list = plain.list_users(request.clone()).await.expect("a list");
    let list = found(list).await;
    assert_eq!((list.users.len(), list.next.is_some()), (10, true));
    assert_eq!(list, find(&mut users, request).await);
}

#[tokio::test]
async fn a_page_of_a_search_is_the_same_in_grpc_web() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let request = ListUsersRequest {
        page: 1,
        page_size: 3,
        ..query("a")
    };
    let native = find(&mut users, request.clone()).await;
    for version in [Version::Http1, Version::Http2] {
        let wire = Wire {
            address: desk.address,
            version,
        };
        let (path, web) = ("/user.UserService/ListUsers", "application/grpc-web+proto");
        let answer = wire.post(path, web, message(&request)).await;
        assert_eq!(answer.header("x-total-count"), native.total.to_string());
        assert_eq!(
            Some(answer.header("x-next-page-token")),
            native.next.as_deref()
        );
        let mut frames = frames(&answer.body);
        let end = Frame::Trailers("grpc-status:0\r\n".into());
        assert_eq!(frames.pop(), Some(end));
        let users = frames.into_iter().map(|frame| match frame {
            Frame::Message(bytes) => UserResponse::decode(bytes).expect("a user"),
            Frame::Trailers(text) => panic!("{text:?} is no user"),
        });
        assert_eq!(users.collect::<Vec<_>>(), native.users);
        let refused = wire.post(path, web, message(&query(&"x".repeat(65)))).await;
        assert_eq!(refused.grpc_status(), Some(3));
    }
}
