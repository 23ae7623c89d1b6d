//! What queries find, also directly after a write.

use super::*;

#[test]
fn users_are_found_ignoring_case_and_accents_in_any_script() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let zoe = create_user(&store, "Zoë Quux", "z@example.org");
    let sokolow = create_user(&store, "Jan SOKOŁÓW", "jan.s@example.org");
    let yamada = create_user(&store, "山田太郎", "yamada@example.org");
    let ali = create_user(&store, "علی‌رضا مُحَمَّد", "ali@example.org");
    let symbols = create_user(&store, "100% _x_ \"NEAR(a*)\" -b", "odd@example.org");
    for (query, expected) in [
        ("zoe quux", zoe),
        ("QUUX zoë", zoe),
        ("sokolow", sokolow),
        ("田太", yamada),
        ("محمد", ali),
        ("0% _", symbols),
        ("_x_", symbols),
        ("\"near(", symbols),
        ("a*)", symbols),
        ("-b", symbols),
    ] {
        assert_eq!(search(&store, query), [expected], "{query}");
    }
    for query in [
        "%%",
        "zoe*",
        "z_e",
        "zoe AND quux",
        "\u{301}",
        "\0",
        "' OR 1=1",
    ] {
        assert!(search(&store, query).is_empty(), "{query:?}");
    }
}

#[test]
fn ids_and_email_addresses_come_first_and_better_matches_before_others() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let name_prefix = create_user(&store, "Xexo 77", "a1@example.org");
    let last_name = create_user(&store, "Oona Xex", "a2@example.org");
    let first_name = create_user(&store, "Xex Oona", "a3@example.org");
    let substring = create_user(&store, "Axexo", "a4@example.org");
    let exact = create_user(&store, "Xex", "a5@example.org");
    let email = create_user(&store, "Grace Hopper", "xex@example.org");
    assert_eq!(
        search(&store, "xex"),
        [exact, name_prefix, first_name, last_name, email, substring]
    );
    assert_eq!(search(&store, "xex oona"), [first_name, last_name]);
    let mut found = search(&store, "77");
    assert_eq!(found[0], 77);
    assert!(found.contains(&name_prefix));
    assert_eq!(search(&store, "XEX@Example.org")[0], email);
    // Every other order contains them as well.
    let by_id = ListParams {
        query: "77",
        order_by: "id",
        ..ListParams::default()
    };
    found.sort_unstable();
    assert_eq!(read_list(&store, &by_id).ids(), found);
}

#[test]
fn a_write_is_found_as_soon_as_it_is_acknowledged() {
    let folder = Folder::new();
    let store = new_store(&folder);
    for number in 0..50 {
        let name = format!("quux{number}x");
        let email = format!("quuy{number}@example.org");
        let id = create_user(&store, &name, &email);
        assert_eq!(search(&store, &name), [id]);
        rename_user(&store, id, "Grace Hopper");
        assert!(search(&store, &name).is_empty());
        delete_user(&store, id);
        assert!(search(&store, &email).is_empty());
    }
}

#[test]
fn deleted_users_are_found_in_the_trash_until_they_expire() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let ada = create_user(&store, "Ada Quux", "ada@example.org");
    delete_user(&store, ada);
    let trash = |query| ListParams {
        query,
        filter: Filter {
            deleted: true,
            ..Filter::default()
        },
        ..ListParams::default()
    };
    let found = read_list(&store, &trash("quux"));
    assert_eq!((found.total, found.ids()), (1, vec![ada]));
    assert!(found.users[0].purge_time.is_some());
    let id = ada.to_string();
    assert_eq!(read_list(&store, &trash(&id)).ids(), [ada]);
    assert!(search(&store, "quux").is_empty());
    drop(store);
    let policy = RetentionPolicy {
        trash: std::time::Duration::ZERO,
        ..RetentionPolicy::default()
    };
    let store = open_with(&folder, policy).expect("the directory");
    assert_eq!(read_list(&store, &trash("quux")).total, 0);
}

#[test]
fn the_minimum_update_time_is_inclusive() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let ada = create_user(&store, "Ada", "ada@example.org");
    let update_time = block_on(store.user(user_id(ada)))
        .expect("read")
        .expect("Ada")
        .update_time;
    // The samples were created earlier.
    database(&folder)
        .execute("UPDATE users SET update_time = 5 WHERE id <= 1000", [])
        .expect("rows");
    for (min, total) in [(0, 1_001), (update_time.0, 1), (update_time.0 + 1, 0)] {
        let params = ListParams {
            filter: Filter {
                min_update_time: Some(Timestamp(min)),
                ..Filter::default()
            },
            ..ListParams::default()
        };
        assert_eq!(read_list(&store, &params).total, total, "{min}");
    }
}
