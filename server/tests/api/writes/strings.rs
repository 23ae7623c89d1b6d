//! Strings that break things (the Big List of Naughty Strings), as names and as searches.

use frontdesk::user::{CreateUserRequest, ListUsersRequest, UserRequest};
use frontdesk_directory::Name;
use naughty_strings::BLNS;
use tonic::Code;

use crate::helpers::Server;

/// The most characters that are looked for.
const LONGEST_QUERY: usize = 64;

#[tokio::test]
async fn naughty_strings_are_names_to_the_letter_and_are_found() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let mut kept = 0;
    for (number, text) in BLNS.iter().enumerate() {
        let create = CreateUserRequest {
            name: (*text).to_owned(),
            email: format!("naughty{number}@example.org"),
            request_id: String::new(),
        };
        let created = users.create_user(create).await;
        let Ok(name) = Name::parse(text) else {
            let refused = created.expect_err(text);
            assert_eq!(refused.code(), Code::InvalidArgument, "{text:?}");
            continue;
        };
        let id = created.expect(text).into_inner().id;
        let user = users.get_user(UserRequest { id }).await.expect(text);
        assert_eq!(user.into_inner().name, name.as_str(), "{text:?}");
        kept += 1;

        let query: String = name.as_str().chars().take(LONGEST_QUERY).collect();
        let list = ListUsersRequest {
            query: query.clone(),
            ..ListUsersRequest::default()
        };
        let mut found = users.list_users(list).await.expect(text).into_inner();
        let mut there = false;
        while let Some(user) = found.message().await.expect(text) {
            there |= user.id == id;
        }
        // What is left out of all texts alike, such as accents and joiners, is no text to look for.
        let visible = !frontdesk_directory::text::fold(&query).trim().is_empty();
        assert_eq!(there, visible, "{query:?}");
    }
    assert!(kept > 300, "only {kept} are names");
}
