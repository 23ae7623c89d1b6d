//! Field values.

use super::*;

pub(super) fn fields() -> Vec<Case> {
    let id = |id| frame_message(&UserRequest { id });
    let mut cases = vec![
        case("id 0", Http2, GET, NATIVE, id(0), NOT_FOUND),
        case("a negative id", Http1, GET, WEB, id(-1), NOT_FOUND),
        case(
            "the largest id",
            Http2,
            GET,
            NATIVE,
            id(i32::MAX),
            NOT_FOUND,
        ),
        case(
            "an id of 64 bits",
            Http2,
            GET,
            NATIVE,
            frame(0, 11, b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x00"),
            INVALID_ARGUMENT,
        ),
        case(
            "page -1",
            Http2,
            LIST,
            NATIVE,
            list(-1, 0),
            INVALID_ARGUMENT,
        ),
        case(
            "page_size -1",
            Http1,
            LIST,
            WEB,
            list(1, -1),
            INVALID_ARGUMENT,
        ),
        case(
            "page_size -1 without a page",
            Http2,
            LIST,
            NATIVE,
            list(0, -1),
            INVALID_ARGUMENT,
        ),
        case(
            "the lowest page and size",
            Http2,
            LIST,
            NATIVE,
            list(i32::MIN, i32::MIN),
            INVALID_ARGUMENT,
        ),
        case(
            "page_size 2^31-1",
            Http2,
            LIST,
            NATIVE,
            list(1, i32::MAX),
            OK,
        ),
        case(
            "page 2^31-1",
            Http1,
            LIST,
            WEB,
            list(i32::MAX, i32::MAX),
            OK,
        ),
    ];
    cases.extend(names());
    cases.extend(watches());
    cases
}

fn watches() -> Vec<Case> {
    let watch = |from, query: &str, id| {
        frame_message(&WatchUsersRequest {
            from_revision: Some(from),
            query: query.into(),
            user_id: id,
        })
    };
    let changes = |id, before_revision, limit| {
        frame_message(&ListChangesRequest {
            user_id: id,
            before_revision,
            limit,
        })
    };
    let long = "👩".repeat(65);
    let mut cases = Vec::new();
    for (description, request, expected) in [
        ("from_revision -1", watch(-1, "", 0), INVALID_ARGUMENT),
        (
            "a negative user id to watch",
            watch(0, "", -1),
            INVALID_ARGUMENT,
        ),
        (
            "a search of 65 characters",
            watch(0, &long, 0),
            INVALID_ARGUMENT,
        ),
        ("a future revision", watch(i64::MAX, "", 0), OUT_OF_RANGE),
    ] {
        cases.push(case(
            description,
            Http2,
            WATCH,
            NATIVE,
            request.clone(),
            expected,
        ));
        cases.push(case(
            description,
            Http1,
            "/UserService/WatchUsers",
            WEB,
            request,
            expected,
        ));
    }
    for (description, request, expected) in [
        (
            "a negative user id of changes",
            changes(-1, 0, 0),
            INVALID_ARGUMENT,
        ),
        ("before_revision -1", changes(0, -1, 0), INVALID_ARGUMENT),
        ("limit -1", changes(0, 0, -1), INVALID_ARGUMENT),
        (
            "the largest values",
            changes(i32::MAX, i64::MAX, i32::MAX),
            OK,
        ),
    ] {
        cases.push(case(
            description,
            Http2,
            CHANGES,
            NATIVE,
            request.clone(),
            expected,
        ));
        cases.push(case(
            description,
            Http1,
            "/UserService/ListChanges",
            WEB,
            request,
            expected,
        ));
    }
    cases
}

fn names() -> Vec<Case> {
    let mut cases = Vec::new();
    let invalid = [
        ("an empty name", String::new()),
        ("a name of spaces", " \u{3000}\u{a0} ".into()),
        ("a name of 201 characters", "x".repeat(201)),
        ("a name of 201 wide characters", "名".repeat(201)),
        ("a name with a line break", "a\nb".into()),
        ("a name with a NUL", "a\0b".into()),
        ("a name with an escape", "a\u{1b}[31mb".into()),
        ("a name with DEL", "a\u{7f}b".into()),
        ("a name with a C1 control", "a\u{85}b".into()),
        ("a name of almost a megabyte", "x".repeat(1_000_000)),
    ];
    for (description, name) in invalid {
        for path in [HELLO, "/Greeter/SayHello", "/greeter.Greeter/LotsOfReplies"] {
            cases.push(case(
                description,
                Http2,
                path,
                NATIVE,
                hello(&name),
                INVALID_ARGUMENT,
            ));
        }
    }
    for (description, name) in [
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
        ("a name with combining marks", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢".into()),
    ] {
        cases.push(case(description, Http1, HELLO, WEB, hello(&name), OK));
    }
    cases
}
