//! `GetUser`, from a database with a million users.

use super::hello::in_turns;
use crate::{
    Outcome,
    host::Host,
    load::{Load, Protocol},
    people::People,
    report::{Row, number},
    wire::Bodies,
};

const USERS: u32 = 1_000_000;
const RUNS: usize = 5;
const REQUESTS: u32 = 100_000;
const AIM: f64 = 0.5;

pub(super) fn measure() -> Outcome<Vec<Row>> {
    let people = People::seeded(USERS)?;
    let host = Host::frontdesk(people.data())?;
    let bodies = Bodies::new()?;
    let (hello, user) = (bodies.hello()?, bodies.user(654_321)?);
    let load = |method, body| Load {
        url: format!("{}/{method}", host.origin),
        body,
        content_type: "application/grpc",
        protocol: Protocol::Http2 { streams: 16 },
        requests: REQUESTS,
    };
    let loads = [
        load("user.UserService/GetUser", &user),
        load("greeter.Greeter/SayHello", &hello),
    ];
    let [user, hello] = in_turns(&loads, RUNS)?;
    let detail = format!("{} against {} a second", number(user), number(hello));
    Ok(vec![Row::at_least(
        "`GetUser` among a million users, of `SayHello`'s requests a second",
        AIM,
        user / hello,
        "",
        &detail,
    )])
}
