//! Fields of every bad sort, and good ones that look bad.

use super::*;

pub(super) fn fields() -> Vec<Row> {
    let id = |id| message(&UserRequest { id });
    let mut rows = vec![
        row("id 0", Http2, GET, NATIVE, id(0), NOT_FOUND),
        row("an id below 0", Http1, GET, WEB, id(-1), NOT_FOUND),
        row(
            "the largest id",
            Http2,
            GET,
            NATIVE,
            id(i32::MAX),
            NOT_FOUND,
        ),
        row(
            "an id of 64 bits",
            Http2,
            GET,
            NATIVE,
            frame(0, 11, b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x00"),
            INVALID_ARGUMENT,
        ),
        row(
            "page -1",
            Http2,
            LIST,
            NATIVE,
            list(-1, 0),
            INVALID_ARGUMENT,
        ),
        row(
            "page_size -1",
            Http1,
            LIST,
            WEB,
            list(1, -1),
            INVALID_ARGUMENT,
        ),
        row(
            "page_size -1 with everybody",
            Http2,
            LIST,
            NATIVE,
            list(0, -1),
            INVALID_ARGUMENT,
        ),
        row(
            "the lowest page and size",
            Http2,
            LIST,
            NATIVE,
            list(i32::MIN, i32::MIN),
            INVALID_ARGUMENT,
        ),
        row(
            "page_size 2^31-1",
            Http2,
            LIST,
            NATIVE,
            list(1, i32::MAX),
            OK,
        ),
        row(
            "page 2^31-1",
            Http1,
            LIST,
            WEB,
            list(i32::MAX, i32::MAX),
            OK,
        ),
    ];
    rows.extend(names());
    rows.extend(watches());
    rows
}

fn watches() -> Vec<Row> {
    let watch = |from, query: &str, id| {
        message(&WatchUsersRequest {
            from_revision: Some(from),
            query: query.into(),
            user_id: id,
        })
    };
    let changes = |id, before_revision, limit| {
        message(&ListChangesRequest {
            user_id: id,
            before_revision,
            limit,
        })
    };
    let long = "👩".repeat(65);
    let mut rows = Vec::new();
    for (what, request, expected) in [
        ("from_revision -1", watch(-1, "", 0), INVALID_ARGUMENT),
        ("a watched id below 0", watch(0, "", -1), INVALID_ARGUMENT),
        (
            "a search of 65 characters",
            watch(0, &long, 0),
            INVALID_ARGUMENT,
        ),
        (
            "a revision of the future",
            watch(i64::MAX, "", 0),
            OUT_OF_RANGE,
        ),
    ] {
        rows.push(row(what, Http2, WATCH, NATIVE, request.clone(), expected));
        rows.push(row(
            what,
            Http1,
            "/UserService/WatchUsers",
            WEB,
            request,
            expected,
        ));
    }
    for (what, request, expected) in [
        (
            "a history of an id below 0",
            changes(-1, 0, 0),
            INVALID_ARGUMENT,
        ),
        ("before_revision -1", changes(0, -1, 0), INVALID_ARGUMENT),
        ("limit -1", changes(0, 0, -1), INVALID_ARGUMENT),
        (
            "the largest of all",
            changes(i32::MAX, i64::MAX, i32::MAX),
            OK,
        ),
    ] {
        rows.push(row(what, Http2, CHANGES, NATIVE, request.clone(), expected));
        rows.push(row(
            what,
            Http1,
            "/UserService/ListChanges",
            WEB,
            request,
            expected,
        ));
    }
    rows
}

fn names() -> Vec<Row> {
    let mut rows = Vec::new();
    let bad = [
        ("an empty name", String::new()),
        ("a name of spaces", " \u{3000}\u{a0} ".into()),
        ("a name of 201 characters", "x".repeat(201)),
        ("a name of 201 wide characters", "名".repeat(201)),
        ("a name with a line break", "a\nb".into()),
        ("a name with a NUL", "a\0b".into()),
        ("a name with an escape", "a\u{1b}[31mb".into()),
        ("a name with DEL", "a\u{7f}b".into()),
        ("a name with a C1 control", "a\u{85}b".into()),
        ("a name of a megabyte less a little", "x".repeat(1_000_000)),
    ];
    for (what, name) in bad {
        for path in [HELLO, "/Greeter/SayHello", "/greeter.Greeter/LotsOfReplies"] {
            rows.push(row(
                what,
                Http2,
                path,
                NATIVE,
                hello(&name),
                INVALID_ARGUMENT,
            ));
        }
    }
    for (what, name) in [
        ("a name of 200 characters", "x".repeat(200)),
        ("a name of 200 wide characters", "名".repeat(200)),
        (
            "a name that looks like SQL",
            "Robert'); DROP TABLE users;--".into(),
        ),
        (
            "a name that looks like HTML",
            "<script>alert(1)</script>".into(),
        ),
        ("a name of marks", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢".into()),
    ] {
        rows.push(row(what, Http1, HELLO, WEB, hello(&name), OK));
    }
    rows
}
