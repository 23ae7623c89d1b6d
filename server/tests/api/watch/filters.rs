//! Watches of one user or of a search.

use frontdesk::user::{WatchUsersRequest, user_event::Kind};

use super::{INITIAL, next_change, watch};
use crate::helpers::{Server, create_user, delete_user, update_name};

#[tokio::test]
async fn a_filtered_watch_reports_only_matching_users() {
    let server = Server::start_with(|settings| settings.bookmark_interval = 1).await;
    let mut users = server.users().await;
    let zoe = create_user(&mut users, "Zoë Sokołów", "zoe@example.org").await;
    let filter = |id, query: &str| WatchUsersRequest {
        user_id: id,
        query: query.into(),
        from_revision: Some(INITIAL + 1),
    };
    let requests = [
        filter(zoe.id, ""),
        filter(0, "SOKOLOW zoe"),
        filter(0, &zoe.id.to_string()),
        filter(zoe.id, "zoe@example.org"),
    ];
    let mut watches = Vec::new();
    for request in requests {
        watches.push(watch(&mut users, request).await);
    }
    delete_user(&mut users, 7).await;
    // The filter matches the previous name, too.
    update_name(&mut users, zoe.id, "Zoë Jones").await;
    delete_user(&mut users, 8).await;
    for watch in &mut watches {
        let mut changes = Vec::new();
        // Changes that do not match still advance the bookmarks.
        loop {
            match next_change(watch).await {
                (revision, Kind::Bookmark, _) if revision == INITIAL + 4 => break,
                (_, Kind::Bookmark, _) => {}
                change => changes.push(change),
            }
        }
        assert_eq!(changes, [(INITIAL + 3, Kind::Updated, zoe.id)]);
    }
}
