//! Unusual strings (the Big List of Naughty Strings) as names and as queries.

use frontdesk::user::{CreateUserRequest, UserRequest};
use frontdesk_directory::Name;
use naughty_strings::BLNS;
use tonic::Code;

use super::{list_users, query};
use crate::helpers::Server;

/// In characters.
const MAX_QUERY: usize = 64;

#[tokio::test]
async fn naughty_strings_are_stored_unchanged_and_found() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let mut stored = 0;
    for (number, text) in BLNS.iter().enumerate() {
        let create = CreateUserRequest {
            name: (*text).to_owned(),
            email: format!("naughty{number}@example.org"),
            request_id: String::new(),
        };
        let created = users.create_user(create).await;
        let Ok(name) = Name::parse(text) else {
            let rejected = created.expect_err(text);
            assert_eq!(rejected.code(), Code::InvalidArgument, "{text:?}");
            continue;
        };
        let id = created.expect(text).into_inner().id;
        let user = users.get_user(UserRequest { id }).await.expect(text);
        assert_eq!(user.into_inner().name, name.as_str(), "{text:?}");
        stored += 1;

        let prefix: String = name.as_str().chars().take(MAX_QUERY).collect();
        let found = list_users(&mut users, query(&prefix))
            .await
            .ids()
            .contains(&id);
        // Folding removes accents and joiners; nothing is found if nothing remains.
        let searchable = !frontdesk_directory::text::fold(&prefix).trim().is_empty();
        assert_eq!(found, searchable, "{prefix:?}");
    }
    assert!(stored > 300, "only {stored} are valid names");
}
