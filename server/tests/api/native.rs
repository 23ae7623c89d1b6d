//! Native gRPC, by tonic's own client over the generated stubs.

use frontdesk::{
    greeter::{HelloRequest, greeter_client::GreeterClient},
    unqualified,
    user::{ListUsersRequest, UserRequest, user_service_client::UserServiceClient},
};
use http::Method;
use tokio_stream::StreamExt as _;
use tonic::{Code, Request, Status, transport::Channel};
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};
use tonic_types::StatusExt as _;

use crate::helpers::{Server, Version, Wire, message};

/// The fields that a refusal names, each with a reason.
fn refused_fields(status: &Status) -> Vec<String> {
    assert_eq!(status.code(), Code::InvalidArgument);
    let details = status.get_details_bad_request().expect("the fields");
    let named = details.field_violations.into_iter().map(|violation| {
        assert!(!violation.description.is_empty(), "{}", violation.field);
        violation.field
    });
    named.collect()
}

#[tokio::test]
async fn people_are_greeted_by_name() {
    let desk = Server::open().await;
    let mut greeter = desk.greeter().await;
    for (name, message) in [
        ("Ada", "Hello, Ada!"),
        ("  Ada ", "Hello, Ada!"),
        ("Zoe\u{308}", "Hello, Zo\u{eb}!"),
        ("🦀", "Hello, 🦀!"),
    ] {
        let reply = greeter.say_hello(HelloRequest { name: name.into() }).await;
        assert_eq!(reply.expect("a greeting").into_inner().message, message);
    }
}

#[tokio::test]
async fn a_greeting_comes_in_at_least_twelve_languages() {
    let desk = Server::open().await;
    let mut greeter = desk.greeter().await;
    let request = HelloRequest { name: "Ada".into() };
    let replies = greeter
        .lots_of_replies(request)
        .await
        .expect("a stream")
        .into_inner();
    let replies: Vec<_> = replies
        .map(|reply| reply.expect("a greeting").message)
        .collect()
        .await;
    assert!(replies.len() >= 12, "{replies:?}");
    assert_eq!(replies[0], "Hello, Ada!");
    assert!(replies.iter().all(|reply| reply.contains("Ada")));
}

#[tokio::test]
async fn a_name_that_is_none_is_refused_with_the_field_and_why() {
    let desk = Server::open().await;
    let channel = desk.channel().await;
    for name in [String::new(), " ".repeat(9), "a\nb".into(), "x".repeat(201)] {
        let request = HelloRequest { name };
        let qualified = GreeterClient::new(channel.clone())
            .say_hello(request.clone())
            .await;
        let plain = unqualified::greeter_client::GreeterClient::new(channel.clone())
            .say_hello(request.clone())
            .await;
        let streamed = GreeterClient::new(channel.clone())
            .lots_of_replies(request)
            .await;
        for status in [qualified.err(), plain.err(), streamed.err()] {
            assert_eq!(refused_fields(&status.expect("a refusal")), ["name"]);
        }
    }
}

#[tokio::test]
async fn somebody_is_found_by_their_id() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let john = users
        .get_user(UserRequest { id: 1 })
        .await
        .expect("John Doe")
        .into_inner();
    assert_eq!((john.id, john.name.as_str()), (1, "John Doe"));
    assert_eq!(john.email, "john@example.com");
}

#[tokio::test]
async fn nobody_is_found_where_there_is_nobody() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    for id in [0, -1, i32::MIN, 1_001, i32::MAX] {
        let status = users
            .get_user(UserRequest { id })
            .await
            .expect_err("nobody");
        assert_eq!(status.code(), Code::NotFound);
        let resource = status
            .get_details_resource_info()
            .expect("what was looked for");
        assert_eq!(resource.resource_type, "user.User");
        assert_eq!(resource.resource_name, id.to_string());
    }
}

async fn ids(users: &mut UserServiceClient<Channel>, page: i32, page_size: i32) -> Vec<i32> {
    let list = users
        .list_users(ListUsersRequest {
            page,
            page_size,
            ..ListUsersRequest::default()
        })
        .await;
    let list = list.expect("a list").into_inner();
    list.map(|user| user.expect("a user").id).collect().await
}

#[tokio::test]
async fn pages_are_cut_as_the_contract_says() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    assert_eq!(ids(&mut users, 1, 3).await, [1, 2, 3]);
    assert_eq!(ids(&mut users, 2, 3).await, [4, 5, 6]);
    assert_eq!(ids(&mut users, 1, 0).await.len(), 50);
    assert_eq!(ids(&mut users, 1, i32::MAX).await.len(), 1_000);
    assert_eq!(ids(&mut users, 4, 300).await.len(), 100, "the last page");
    assert_eq!(ids(&mut users, 5, 300).await.len(), 0, "past the last page");
    assert_eq!(ids(&mut users, i32::MAX, i32::MAX).await.len(), 0);
    assert_eq!(ids(&mut users, 0, 0).await, (1..=1_000).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_list_says_how_many_there_are_whatever_it_is_of() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    for page in [0, 1, 9_999] {
        let list = users
            .list_users(ListUsersRequest {
                page,
                page_size: 1,
                ..ListUsersRequest::default()
            })
            .await
            .expect("a list");
        assert_eq!(
            list.metadata().get("x-total-count").expect("the total"),
            "1000"
        );
        assert!(list.metadata().contains_key("x-revision"));
    }
}

#[tokio::test]
async fn a_negative_page_is_refused_with_the_field() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    for (page, page_size, fields) in [
        (-1, 0, &["page"][..]),
        (1, -5, &["page_size"]),
        (i32::MIN, i32::MIN, &["page", "page_size"]),
    ] {
        let refused = users
            .list_users(ListUsersRequest {
                page,
                page_size,
                ..ListUsersRequest::default()
            })
            .await;
        assert_eq!(refused_fields(&refused.expect_err("a refusal")), fields);
    }
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let mut id = async || {
        let answer = users
            .get_user(UserRequest { id: 1 })
            .await
            .expect("John Doe");
        answer
            .metadata()
            .get("x-request-id")
            .expect("an id")
            .clone()
    };
    assert_ne!(id().await, id().await);
}

#[tokio::test]
async fn a_deadline_that_has_passed_ends_the_call() {
    let desk = Server::open().await;
    // Without tonic's client looking at it: the server's own answer.
    let mut health = HealthClient::new(desk.channel().await);
    let mut request = Request::new(HealthCheckRequest {
        service: String::new(),
    });
    request
        .metadata_mut()
        .insert("grpc-timeout", "50m".parse().expect("ascii"));
    let mut watch = health.watch(request).await.expect("a stream").into_inner();
    assert!(watch.next().await.expect("how it is").is_ok());
    let status = watch.next().await.expect("an end").expect_err("too late");
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert!(watch.next().await.is_none());
}

#[tokio::test]
async fn a_deadline_in_the_past_is_met_by_nothing_in_any_dialect() {
    let desk = Server::open().await;
    // tonic's client would look at its own clock first.
    for (version, content_type) in [
        (Version::Http2, "application/grpc"),
        (Version::Http2, "application/grpc-web+proto"),
        (Version::Http1, "application/grpc-web+proto"),
    ] {
        let wire = Wire {
            address: desk.address,
            version,
        };
        let headers = [("content-type", content_type), ("grpc-timeout", "1n")];
        let ada = HelloRequest { name: "Ada".into() };
        // One that waits for the store, and one that is answered at once.
        for (path, body) in [
            (
                "/user.UserService/ListUsers",
                message(&ListUsersRequest::default()),
            ),
            ("/greeter.Greeter/SayHello", message(&ada)),
        ] {
            let answer = wire.send(Method::POST, path, &headers, body).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.grpc_status(), Some(4), "{path}, {content_type}");
        }
    }
}

#[tokio::test]
async fn health_is_told_of_the_whole_and_of_every_service() {
    let desk = Server::open().await;
    let mut health = HealthClient::new(desk.channel().await);
    for service in [
        "",
        "greeter.Greeter",
        "user.UserService",
        "Greeter",
        "UserService",
    ] {
        let service = service.to_owned();
        let answer = health
            .check(HealthCheckRequest { service })
            .await
            .expect("how it is");
        assert_eq!(answer.into_inner().status(), ServingStatus::Serving);
    }
    let service = "no.Service".to_owned();
    let status = health
        .check(HealthCheckRequest { service })
        .await
        .expect_err("unknown");
    assert_eq!(status.code(), Code::NotFound);
}
