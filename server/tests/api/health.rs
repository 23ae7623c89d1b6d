//! `grpc.health.v1.Health`.

use tonic::Code;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};

use crate::helpers::Server;

#[tokio::test]
async fn the_server_and_every_service_are_serving() {
    let server = Server::start().await;
    let mut health = HealthClient::new(server.channel().await);
    for service in [
        "",
        "greeter.Greeter",
        "user.UserService",
        "Greeter",
        "UserService",
    ] {
        let service = service.to_owned();
        let response = health
            .check(HealthCheckRequest { service })
            .await
            .expect("health status");
        assert_eq!(response.into_inner().status(), ServingStatus::Serving);
    }
    let service = "no.Service".to_owned();
    let status = health
        .check(HealthCheckRequest { service })
        .await
        .expect_err("unknown service");
    assert_eq!(status.code(), Code::NotFound);
}
