//! gRPC health (`grpc.health.v1.Health`), for every service and for the whole.

use tokio_util::sync::CancellationToken;
use tonic_health::{
    ServingStatus,
    pb::health_server::HealthServer,
    server::{HealthReporter, HealthService},
};

/// What the health service says.
#[derive(Debug, Clone)]
pub struct Health {
    reporter: HealthReporter,
    services: &'static [&'static str],
}

impl Health {
    /// Of these services, all of which serve.
    pub async fn serving(services: &'static [&'static str]) -> Self {
        let health = Self {
            reporter: HealthReporter::new(),
            services,
        };
        health.say(ServingStatus::Serving).await;
        health
    }

    /// The service that answers with it.
    #[must_use]
    pub fn server(&self) -> HealthServer<HealthService> {
        HealthServer::new(HealthService::from_health_reporter(self.reporter.clone()))
    }

    /// Says that nothing serves any more, once `draining` is cancelled.
    pub async fn until(self, draining: CancellationToken) {
        draining.cancelled().await;
        self.say(ServingStatus::NotServing).await;
    }

    async fn say(&self, status: ServingStatus) {
        for service in self.services.iter().chain(&[""]) {
            self.reporter.set_service_status(service, status).await;
        }
    }
}
