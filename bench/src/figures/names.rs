//! What the figures are called. Apart from them, so that `cargo xtask bench --list` can say it
//! without building what measures them.

/// By these names they can be asked for, in this order they are measured.
pub(crate) const FIGURES: [(&str, &str); 21] = [
    ("hello", "SayHello, native, against bare tonic"),
    ("hello-web", "SayHello, gRPC-Web, against bare tonic-web"),
    ("lookup", "GetUser among a million users, against SayHello"),
    (
        "list",
        "ListUsers of a million users, against a plain SQLite loop; memory",
    ),
    (
        "line",
        "ListUsers of 100,000 users over 10 Mbit/s, encoded and not",
    ),
    ("import", "rows a second of an import"),
    (
        "importing",
        "ImportUsers of a million users, and what it takes of memory",
    ),
    ("find", "searches among a million users"),
    ("pages", "page 10,000 of a million users, in every order"),
    (
        "writes",
        "CreateUser by 64 clients, against a plain SQLite loop",
    ),
    (
        "forget",
        "single writes while a million changes are let go of",
    ),
    (
        "watched",
        "a change told to 10,000 who watch, and what they cost",
    ),
    ("missed", "a million changes, to one who missed them"),
    (
        "start",
        "from start to first answer, a million users on disk",
    ),
    ("visit", "what the first visit transfers"),
    ("page", "100,000 users into a page, against fetch().json()"),
    ("scroll", "a million users, scrolled from end to end"),
    ("talk", "BidiHello and a list over a socket, in a browser"),
    ("added", "what the transport adds to a page"),
    ("sockets", "memory of 10,000 open idle calls over sockets"),
    ("echo", "BidiHello over sockets, against native gRPC"),
];

/// Says what can be asked for.
pub(crate) fn list() {
    for (name, what) in FIGURES {
        println!("{name:<10} {what}");
    }
}

/// Nothing is measured where one of the names is not a figure's.
pub(crate) fn check(wanted: &[impl AsRef<str>]) -> Result<(), String> {
    let known = |word: &str| FIGURES.iter().any(|(name, _)| *name == word);
    match wanted.iter().map(AsRef::as_ref).find(|word| !known(word)) {
        Some(unknown) => Err(format!(
            "no figure is called `{unknown}`: see `bench --list`"
        )),
        None => Ok(()),
    }
}
