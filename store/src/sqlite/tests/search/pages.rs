//! Orders and pages, also while users are created and deleted.

use super::*;

#[test]
fn every_order_sorts_by_its_key_and_then_by_id() {
    let folder = Folder::new();
    let store = new_store(&folder);
    for number in 0..40 {
        create_user(&store, "Zoë", &format!("{number}@example.org"));
    }
    rename_user(&store, 7, "zoe");
    for order_by in ORDERS {
        let params = ListParams {
            order_by,
            ..ListParams::default()
        };
        let users = read_list(&store, &params).users;
        assert_eq!(users.len(), 1_040);
        let key = |user: &User| {
            let key = match order_by.split(' ').next() {
                Some("name") => fold(user.name.as_str()).into_owned(),
                Some("email") => user.email.key().into_owned(),
                Some("update_time") => format!("{:020}", user.revision.0),
                _ => String::new(),
            };
            (key, user.id)
        };
        let mut sorted = users.clone();
        sorted.sort_by_key(key);
        if order_by.ends_with("desc") {
            sorted.reverse();
        }
        assert_eq!(users, sorted, "{order_by}");
    }
}

#[test]
fn pages_add_up_to_the_list_for_every_order_query_and_filter() {
    let folder = Folder::new();
    let store = new_store(&folder);
    add(
        &store,
        Samples::starting_at(5_000).take(3_000).collect(),
        Origin::Real,
    );
    for id in (1..90).step_by(2) {
        delete_user(&store, id);
    }
    for id in (2..60).step_by(4) {
        rename_user(&store, id, "Zoë");
    }
    let update_time = block_on(store.user(user_id(2)))
        .expect("read")
        .expect("a user")
        .update_time;
    for order_by in ORDERS {
        // No, one, few, many, nearly all users.
        for query in ["", "qqqqq", "102", "zoe", "an", "a"] {
            for (sample_filter, deleted, min_update_time) in [
                (SampleFilter::Include, false, None),
                (SampleFilter::Only, false, None),
                (SampleFilter::Exclude, false, Some(update_time)),
                (SampleFilter::Include, true, None),
            ] {
                let filter = Filter {
                    sample_filter,
                    deleted,
                    min_update_time,
                };
                let params = ListParams {
                    query,
                    order_by,
                    filter,
                    ..ListParams::default()
                };
                assert_pages_are_the_list(&store, &params, 907);
            }
        }
    }
}

#[test]
fn creating_and_deleting_users_moves_no_other_user_to_another_page() {
    let folder = Folder::new();
    let store = new_store(&folder);
    for order_by in ORDERS {
        for query in ["", "e"] {
            let params = ListParams {
                order_by,
                query,
                page_size: 100,
                ..ListParams::default()
            };
            let whole = read_list(&store, &params).ids();
            let mut read = Vec::new();
            let mut page = read_list(&store, &ListParams { page: 1, ..params });
            let mut created = Vec::new();
            loop {
                let ids = page.ids();
                read.extend(&ids);
                // Delete a user that was read; create one before or after the position.
                if let Some(id) = ids.iter().find(|id| !created.contains(*id)) {
                    delete_user(&store, *id);
                }
                let name = if read.len() % 200 == 0 { "!e" } else { "zze" };
                let email = format!("{name}{}@example.org", read.len());
                created.push(create_user(&store, name, &email));
                let Some(cursor) = page.next else { break };
                page = read_after(&store, &params, &cursor, params.page_size.unsigned_abs());
            }
            read.retain(|id| !created.contains(id));
            assert_eq!(read, whole, "{order_by:?} {query:?}");
            for id in created {
                delete_user(&store, id);
            }
            let trash = ListParams {
                filter: Filter {
                    deleted: true,
                    ..Filter::default()
                },
                ..ListParams::default()
            };
            for id in read_list(&store, &trash).ids() {
                if id <= 1_000 {
                    execute_ok(&store, restore(user_id(id)));
                }
            }
        }
    }
}

#[test]
fn a_list_continues_after_its_first_matches_without_duplicates() {
    let folder = Folder::new();
    let store = new_store(&folder);
    add(
        &store,
        Samples::starting_at(5_000).take(4_000).collect(),
        Origin::Real,
    );
    let params = ListParams {
        query: "example",
        ..ListParams::default()
    };
    block_on(async {
        let mut list = store.list(parse(&params)).await.expect("a list");
        assert_eq!(list.total, 5_000);
        let (mut ids, mut batches) = (Vec::new(), 0);
        while let Some(batch) = next(&mut list.users).await {
            let batch = batch.expect("a batch");
            batches += 1;
            ids.extend(batch.iter().map(|user| user.id));
            // A user that was read, and one that was not read yet.
            for id in [batches, 3_000 + batches] {
                let command = rename(user_id(id), "example", None);
                let renamed = store.execute(command, None).await.expect("a response");
                renamed.expect("an accepted command");
            }
        }
        assert_eq!(ids.len(), 5_000);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 5_000);
    });
}
