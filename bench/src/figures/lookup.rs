//! `GetUser`, from a database with a million users.

use frontdesk::{
    greeter::{HelloRequest, greeter_client::GreeterClient},
    user::{UserRequest, user_service_client::UserServiceClient},
};
use tonic::{Status, transport::Channel};

use crate::{
    Outcome, calls,
    host::Host,
    load::{Load, Protocol},
    people::People,
    report::{Row, number},
    statistics::median,
    turns::in_turns,
    wire::Bodies,
};

const USERS: u32 = 1_000_000;
const RUNS: usize = 5;
const REQUESTS: u32 = 100_000;
const CALLS: u32 = 64_000;
const AIM: f64 = 0.5;
const FIGURE: &str = "`GetUser` among a million users, of `SayHello`'s requests a second";

pub(super) async fn measure() -> Outcome<Vec<Row>> {
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
    let turns = in_turns(&loads, RUNS)?;
    let [user, hello] = turns.medians.map(number);
    let detail = format!("{user} against {hello} a second");
    let same = Row::at_least(FIGURE, AIM, turns.ratio, "", &detail);

    // One user again and again is the easiest there is. Any of a million is fairer, and only a
    // client that can ask for them shows it; that client's own work is in both numbers.
    let (mut any, mut greeted) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        any.push(calls::rate(&host.origin, CALLS, get_any).await?);
        greeted.push(calls::rate(&host.origin, CALLS, greet).await?);
    }
    let (any, greeted) = (median(any), median(greeted));
    let detail = format!(
        "{} against {} a second, by tonic's client",
        number(any),
        number(greeted)
    );
    let any = Row::at_least(
        "the same, another user each time",
        AIM,
        any / greeted,
        "",
        &detail,
    );
    Ok(vec![same, any])
}

/// Asks for a user: all over the directory, and another with each number.
async fn get_any(channel: Channel, number: u32) -> Result<(), Status> {
    // A step that has no divisor in common with their count visits each of them once.
    let id = u64::from(number) * 618_033 % u64::from(USERS) + 1;
    let id = i32::try_from(id).map_err(|_| Status::internal("more users than ids"))?;
    UserServiceClient::new(channel)
        .get_user(UserRequest { id })
        .await
        .map(drop)
}

async fn greet(channel: Channel, _: u32) -> Result<(), Status> {
    let request = HelloRequest {
        name: "Ada".to_owned(),
    };
    GreeterClient::new(channel)
        .say_hello(request)
        .await
        .map(drop)
}
