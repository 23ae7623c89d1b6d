//! Orders and pages are cut from one list, whoever comes or goes.

use super::*;

#[test]
fn every_order_is_that_of_its_key_and_then_the_id() {
    let folder = Folder::new();
    let store = fresh(&folder);
    for number in 0..40 {
        create(&store, "Zoë", &format!("{number}@example.org"));
    }
    rename(&store, 7, "zoe");
    for order_by in ORDERS {
        let wanted = ListParams {
            order_by,
            ..ListParams::default()
        };
        let found = find(&store, &wanted).users;
        assert_eq!(found.len(), 1_040);
        let key = |user: &User| {
            let key = match order_by.split(' ').next() {
                Some("name") => fold(user.name.as_str()).into_owned(),
                Some("email") => user.email.key().into_owned(),
                Some("update_time") => format!("{:020}", user.revision.0),
                _ => String::new(),
            };
            (key, user.id)
        };
        let mut sorted = found.clone();
        sorted.sort_by_key(key);
        if order_by.ends_with("desc") {
            sorted.reverse();
        }
        assert_eq!(found, sorted, "{order_by}");
    }
}

#[test]
fn pages_of_every_order_query_and_filter_are_cut_from_the_same_list() {
    let folder = Folder::new();
    let store = fresh(&folder);
    add(
        &store,
        Samples::starting_at(5_000).take(3_000).collect(),
        Origin::Real,
    );
    (1..90).step_by(2).for_each(|id| delete(&store, id));
    (2..60).step_by(4).for_each(|id| rename(&store, id, "Zoë"));
    let since = block_on(store.user(id(2)))
        .expect("read")
        .expect("a user")
        .update_time;
    for order_by in ORDERS {
        // Nobody, one, few, many, nearly all.
        for query in ["", "qqqqq", "102", "zoe", "an", "a"] {
            for (samples, in_bin, since) in [
                (SampleFilter::Include, false, None),
                (SampleFilter::Only, false, None),
                (SampleFilter::Exclude, false, Some(since)),
                (SampleFilter::Include, true, None),
            ] {
                let filter = Filter {
                    sample_filter: samples,
                    deleted: in_bin,
                    min_update_time: since,
                };
                let wanted = ListParams {
                    query,
                    order_by,
                    filter,
                    ..ListParams::default()
                };
                pages_are_the_list(&store, &wanted, 907);
            }
        }
    }
}

#[test]
fn who_comes_or_goes_moves_nobody_else_to_another_page() {
    let folder = Folder::new();
    let store = fresh(&folder);
    for order_by in ORDERS {
        for query in ["", "e"] {
            let wanted = ListParams {
                order_by,
                query,
                page_size: 100,
                ..ListParams::default()
            };
            let whole = find(&store, &wanted).ids();
            let mut read = Vec::new();
            let mut next = find(&store, &ListParams { page: 1, ..wanted });
            let mut come = Vec::new();
            loop {
                read.extend(next.ids());
                // One who was read goes, and one comes, before or behind the place.
                let ids = next.ids();
                let goes = ids.iter().find(|id| !come.contains(*id));
                if let Some(goes) = goes {
                    delete(&store, *goes);
                }
                let name = if read.len() % 200 == 0 { "!e" } else { "zze" };
                let email = format!("{name}{}@example.org", read.len());
                come.push(create(&store, name, &email));
                let Some(cursor) = next.next else { break };
                let size = u32::try_from(wanted.page_size).expect("a size");
                next = find_after(&store, &wanted, &cursor, size);
            }
            read.retain(|id| !come.contains(id));
            assert_eq!(read, whole, "{order_by:?} {query:?}");
            for id in come {
                delete(&store, id);
            }
            let bin = Filter {
                deleted: true,
                ..Filter::default()
            };
            let bin = ListParams {
                filter: bin,
                ..ListParams::default()
            };
            for id in find(&store, &bin).users.iter().map(|user| user.id) {
                if id.get() <= 1_000 {
                    do_now(&store, Command::Restore { id, expected: None });
                }
            }
        }
    }
}

#[test]
fn a_list_goes_on_past_what_was_found_first_and_names_nobody_twice() {
    let folder = Folder::new();
    let store = fresh(&folder);
    add(
        &store,
        Samples::starting_at(5_000).take(4_000).collect(),
        Origin::Real,
    );
    let selection = ListParams {
        query: "example",
        ..ListParams::default()
    };
    let selection = selection.parse().expect("a selection");
    block_on(async {
        let mut listing = store.list(selection).await.expect("a list");
        assert_eq!(listing.total, 5_000);
        let (mut ids, mut batches) = (Vec::new(), 0);
        while let Some(batch) = poll_fn(|cx| Pin::new(&mut listing.users).poll_next(cx)).await {
            let batch = batch.expect("a batch");
            batches += 1;
            ids.extend(batch.iter().map(|user| user.id));
            // One who was named already, and one who was not yet.
            for number in [batches, 3_000 + batches] {
                let expected = None;
                let edit = Command::Update {
                    id: id(number),
                    name: Some(Name::parse("example").expect("a name")),
                    email: None,
                    expected,
                };
                store
                    .execute(edit, None)
                    .await
                    .expect("an answer")
                    .expect("done");
            }
        }
        assert_eq!(ids.len(), 5_000);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 5_000);
    });
}
