//! The names of the figures. Included by `xtask`, too, which lists and checks them before the
//! benchmarks are built.

/// Names and descriptions, in the order of measurement.
pub(crate) const FIGURES: [(&str, &str); 21] = [
    ("hello", "SayHello, native gRPC, compared to bare tonic"),
    (
        "hello-web",
        "SayHello, gRPC-Web, compared to bare tonic-web",
    ),
    (
        "lookup",
        "GetUser among a million users, compared to SayHello",
    ),
    (
        "list",
        "ListUsers of a million users, compared to a plain SQLite loop; memory",
    ),
    (
        "bandwidth",
        "ListUsers of 100,000 users over 10 Mbit/s, with each content coding",
    ),
    ("import", "frontdesk import of a million rows"),
    ("import-rpc", "ImportUsers of a million users; memory"),
    ("search", "searches among a million users"),
    ("pages", "page 10,000 of a million users, in every order"),
    (
        "writes",
        "CreateUser by 64 clients, compared to a plain SQLite loop",
    ),
    (
        "retention",
        "writes while a million changes are removed from the change log",
    ),
    ("watch", "delay of a change to 10,000 watchers; memory"),
    ("catch-up", "WatchUsers from the first of a million changes"),
    ("start", "start to first response, a million users on disk"),
    ("first-visit", "transfer size of the first visit"),
    (
        "page",
        "100,000 users into the page, compared to fetch().json()",
    ),
    (
        "scroll",
        "a million users in the page, scrolled from end to end",
    ),
    (
        "browser-websocket",
        "BidiHello and a list over a WebSocket in a browser",
    ),
    ("transport-size", "size that the transport adds to a page"),
    (
        "idle-websockets",
        "memory of 10,000 idle calls over WebSockets",
    ),
    (
        "websocket-cpu",
        "CPU time of BidiHello over WebSockets, compared to native gRPC",
    ),
];

/// Prints names and descriptions.
pub(crate) fn list() {
    for (name, description) in FIGURES {
        println!("{name:<17} {description}");
    }
}

/// Returns an error if one of `names` is unknown.
pub(crate) fn check(names: &[impl AsRef<str>]) -> Result<(), String> {
    let is_known = |name: &str| FIGURES.iter().any(|(known, _)| *known == name);
    match names.iter().map(AsRef::as_ref).find(|name| !is_known(name)) {
        Some(unknown) => Err(format!("unknown figure `{unknown}`: see `bench --list`")),
        None => Ok(()),
    }
}
