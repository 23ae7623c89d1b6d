//! `GetUser` among a million users, compared to `SayHello`.

use frontdesk::{
    greeter::{HelloRequest, greeter_client::GreeterClient},
    user::{UserRequest, user_service_client::UserServiceClient},
};
use tonic::{Status, transport::Channel};

use crate::{
    Result,
    comparison::compare,
    h2load::{Load, Protocol},
    report::{Row, format_number},
    request_body::RequestBodies,
    sample_directory::SampleDirectory,
    server_process::ServerProcess,
    statistics::median,
    tonic_load,
};

const USERS: u32 = 1_000_000;
const RUNS: usize = 5;
const REQUESTS: u32 = 100_000;
const CALLS: u32 = 64_000;
const TARGET: f64 = 0.5;
const FIGURE: &str = "`GetUser` among a million users: requests per second, relative to `SayHello`";

pub(super) async fn measure() -> Result<Vec<Row>> {
    let directory = SampleDirectory::create(USERS)?;
    let server = ServerProcess::start(directory.folder())?;
    let bodies = RequestBodies::new()?;
    let (hello, user) = (bodies.hello()?, bodies.user(654_321)?);
    let load = |method, body| Load {
        url: format!("{}/{method}", server.origin),
        body,
        content_type: "application/grpc",
        protocol: Protocol::Http2 { streams: 16 },
        requests: REQUESTS,
    };
    let loads = [
        load("user.UserService/GetUser", &user),
        load("greeter.Greeter/SayHello", &hello),
    ];
    let comparison = compare(&loads, RUNS)?;
    let [user, hello] = comparison.medians.map(format_number);
    let detail = format!("{user} vs. {hello} per second");
    let same = Row::at_least(FIGURE, TARGET, comparison.ratio, "", &detail);

    // Requesting one user repeatedly is the easiest case. Requesting another each time needs a
    // slower client, whose own work is part of both numbers.
    let (mut varying, mut greeted) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        varying.push(tonic_load::rate(&server.origin, CALLS, get_varying).await?);
        greeted.push(tonic_load::rate(&server.origin, CALLS, greet).await?);
    }
    let (varying, greeted) = (median(varying), median(greeted));
    let detail = format!(
        "{} vs. {} per second with tonic's client",
        format_number(varying),
        format_number(greeted)
    );
    let varying = Row::at_least(
        "the same, another user in each request",
        TARGET,
        varying / greeted,
        "",
        &detail,
    );
    Ok(vec![same, varying])
}

/// Gets another user for each number, spread over the directory.
async fn get_varying(channel: Channel, number: u32) -> Result<(), Status> {
    // A step that is coprime to the number of users visits each of them once.
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
