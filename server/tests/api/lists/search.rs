//! Searches of users.

use super::{list_users, query};
use crate::helpers::{Server, create_user, invalid_fields};

#[tokio::test]
async fn a_search_ignores_case_accents_and_word_order_in_any_script() {
    let server = Server::start().await;
    let mut users = server.users().await;
    for (name, email, query_text) in [
        ("Zoë Quux", "quux@example.org", "zoe q"),
        ("Sokołów", "s@example.org", "sokolow"),
        ("山田太郎", "y@example.org", "田太"),
        ("권콕준", "k@example.org", "콕준"),
        ("שָׁלוֹם כהן", "sh@example.org", "שלום"),
        ("عبد الله", "abd@example.org", "عبد"),
        ("Ελένη ΣΊΣΥΦΟΣ", "e@example.org", "σίσυφος ελενη"),
    ] {
        let id = create_user(&mut users, name, email).await.id;
        // A search finds a user as soon as the creation is acknowledged.
        let list = list_users(&mut users, query(query_text)).await;
        assert_eq!((list.ids(), list.total), (vec![id], 1), "{query_text}");
    }
}

#[tokio::test]
async fn an_exact_id_or_email_is_first_and_better_matches_precede_others() {
    let server = Server::start().await;
    let mut users = server.users().await;
    create_user(&mut users, "Maxex", "a@example.org").await;
    create_user(&mut users, "Agent 42 Xex", "b@example.org").await;
    create_user(&mut users, "Xexia", "c@example.org").await;
    create_user(&mut users, "Xex", "d@example.org").await;
    let yolanda = create_user(&mut users, "Yolanda", "xex@example.org").await;
    let list = list_users(&mut users, query("XEX")).await;
    let names = ["Xex", "Xexia", "Agent 42 Xex", "Yolanda", "Maxex"];
    assert_eq!(list.names(), names);
    let list = list_users(&mut users, query(" 42 ")).await;
    assert_eq!(list.ids()[0], 42);
    assert!(list.names().contains(&"Agent 42 Xex"));
    let list = list_users(&mut users, query("Xex@Example.ORG")).await;
    assert_eq!(list.ids(), [yolanda.id]);
    let list = list_users(&mut users, query("john@example.com")).await;
    assert_eq!(list.ids()[0], 1);
}

#[tokio::test]
async fn a_query_has_no_special_characters() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let odd = r#"%_%"*-NEAR(a OR b)^{x}:'\"#;
    let id = create_user(&mut users, odd, "odd@example.org").await.id;
    for query_text in [odd, "%_", "\"*", "-near(", "a or b)", "^{x}", ":'", "'\\"] {
        let list = list_users(&mut users, query(query_text)).await;
        assert_eq!(list.ids(), [id], "{query_text}");
    }
    for query_text in [
        "%%",
        "_o_",
        "john*",
        "\"john\"",
        "NEAR(john doe)",
        "-john",
        "\0",
        "\u{301}",
    ] {
        let list = list_users(&mut users, query(query_text)).await;
        assert_eq!((list.users, list.total), (vec![], 0), "{query_text:?}");
    }
}

#[tokio::test]
async fn a_query_has_at_most_64_characters() {
    let server = Server::start().await;
    let mut users = server.users().await;
    for character in ["x", "名"] {
        let longest = list_users(&mut users, query(&character.repeat(64))).await;
        assert_eq!(longest.total, 0);
        let rejected = users.list_users(query(&character.repeat(65))).await;
        let rejected = rejected.expect_err("query too long");
        assert_eq!(invalid_fields(&rejected), ["query"]);
        assert!(rejected.message().contains("at most 64 characters"));
    }
}

#[tokio::test]
async fn an_empty_query_lists_all_users_by_id() {
    let server = Server::start().await;
    let mut users = server.users().await;
    for empty in ["", "  \u{3000}"] {
        let list = list_users(&mut users, query(empty)).await;
        assert_eq!(list.ids(), (1..=1_000).collect::<Vec<_>>());
        assert_eq!((list.total, list.next_page_token), (1_000, None));
    }
}
