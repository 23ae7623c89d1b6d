//! What is typed is found, and who has written finds it.

use super::*;

#[test]
fn people_are_found_without_regard_to_case_and_accents_in_any_script() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let zoe = create(&store, "Zoë Quux", "z@example.org");
    let sokolow = create(&store, "Jan SOKOŁÓW", "jan.s@example.org");
    let yamada = create(&store, "山田太郎", "yamada@example.org");
    let ali = create(&store, "علی‌رضا مُحَمَّد", "ali@example.org");
    let odd = create(&store, "100% _x_ \"NEAR(a*)\" -b", "odd@example.org");
    for (text, who) in [
        ("zoe quux", zoe),
        ("QUUX zoë", zoe),
        ("sokolow", sokolow),
        ("田太", yamada),
        ("محمد", ali),
        ("0% _", odd),
        ("_x_", odd),
        ("\"near(", odd),
        ("a*)", odd),
        ("-b", odd),
    ] {
        assert_eq!(query(&store, text), [who], "{text}");
    }
    for nobody in [
        "%%",
        "zoe*",
        "z_e",
        "zoe AND quux",
        "\u{301}",
        "\0",
        "' OR 1=1",
    ] {
        assert!(query(&store, nobody).is_empty(), "{nobody:?}");
    }
}

#[test]
fn an_id_or_a_whole_address_comes_first_and_better_matches_before_others() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let inside = create(&store, "Xexo 77", "a1@example.org");
    let words = create(&store, "Oona Xex", "a2@example.org");
    let begins = create(&store, "Xex Oona", "a3@example.org");
    let anywhere = create(&store, "Axexo", "a4@example.org");
    let whole = create(&store, "Xex", "a5@example.org");
    let address = create(&store, "Somebody", "xex@example.org");
    assert_eq!(
        query(&store, "xex"),
        [whole, inside, begins, words, address, anywhere]
    );
    assert_eq!(query(&store, "xex oona"), [begins, words]);
    let found = query(&store, "77");
    assert_eq!(found[0], 77);
    assert!(found.contains(&inside));
    assert_eq!(query(&store, "XEX@Example.org")[0], address);
    // In another order they are on the list too.
    let sorted = ListParams {
        query: "77",
        order_by: "id",
        ..ListParams::default()
    };
    let mut found = found;
    found.sort_unstable();
    assert_eq!(find(&store, &sorted).ids(), found);
}

#[test]
fn who_has_written_finds_what_they_wrote() {
    let folder = Folder::new();
    let store = fresh(&folder);
    for number in 0..50 {
        let text = format!("quux{number}x");
        let email = format!("quuy{number}@example.org");
        let who = create(&store, &text, &email);
        assert_eq!(query(&store, &text), [who]);
        rename(&store, who, "Somebody");
        assert!(query(&store, &text).is_empty());
        delete(&store, who);
        assert!(query(&store, &email).is_empty());
    }
}

#[test]
fn those_in_the_bin_are_found_there_until_their_time_is_over() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let ada = create(&store, "Ada Quux", "ada@example.org");
    delete(&store, ada);
    let number = ada.to_string();
    let bin = |query| ListParams {
        query,
        filter: Filter {
            deleted: true,
            ..Filter::default()
        },
        ..ListParams::default()
    };
    let found = find(&store, &bin("quux"));
    assert_eq!((found.total, found.ids()), (1, vec![ada]));
    assert!(found.users[0].purge_time.is_some());
    assert_eq!(find(&store, &bin(&number)).ids(), [ada]);
    assert!(query(&store, "quux").is_empty());
    drop(store);
    let lock = Lock::acquire(folder.path(), "test").expect("the folder");
    let bin_time = std::time::Duration::ZERO;
    let store = Store::open_searchable(
        &lock,
        RetentionPolicy {
            trash: bin_time,
            ..RetentionPolicy::default()
        },
    )
    .expect("the directory");
    assert_eq!(find(&store, &bin("quux")).total, 0);
}

#[test]
fn changed_since_lets_through_who_was_changed_then_or_later() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let ada = create(&store, "Ada", "ada@example.org");
    let changed = block_on(store.user(id(ada)))
        .expect("read")
        .expect("Ada")
        .update_time;
    for (since, total) in [(0, 1_001), (changed.0, 1), (changed.0 + 1, 0)] {
        // The samples were made a while before.
        let older =
            database(&folder).execute("UPDATE users SET update_time = 5 WHERE id <= 1000", []);
        older.expect("rows");
        let wanted = ListParams {
            filter: Filter {
                min_update_time: Some(Timestamp(since)),
                ..Filter::default()
            },
            ..ListParams::default()
        };
        assert_eq!(find(&store, &wanted).total, total, "{since}");
    }
}
