//! Servers inside the test process.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use frontdesk::{
    greeter::greeter_client::GreeterClient, user::user_service_client::UserServiceClient,
};
use frontdesk_server::{app, config::Settings, http::SetupError};
use frontdesk_store::{Lock, RetentionPolicy, Store};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tonic::{Streaming, transport::Channel};
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse, health_client::HealthClient};

use super::{HttpClient, Users, Version};

/// A server on a free port, with its own directory.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    shutdown: Option<oneshot::Sender<()>>,
    running: JoinHandle<Result<(), SetupError>>,
    data: TempDir,
}

impl Server {
    /// A new directory and the default settings.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::start_with_retention(RetentionPolicy::default(), change).await
    }

    pub(crate) async fn start_with_retention(
        retention: RetentionPolicy,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let data = tempfile::tempdir().expect("temporary directory");
        let mut settings = Settings::default();
        change(&mut settings);
        let lock = Lock::acquire(data.path(), "a test").expect("directory lock");
        let store = Store::open_searchable(&lock, retention).expect("new directory");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("free port");
        let address = listener.local_addr().expect("local address");
        let (shutdown, requested) = oneshot::channel::<()>();
        let running = tokio::spawn(async move {
            let requested = async {
                let _ = requested.await;
            };
            app::run(vec![listener], &settings, Arc::new(store), requested).await
        });
        Self {
            address,
            shutdown: Some(shutdown),
            running,
            data,
        }
    }

    /// The data directory.
    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn http(&self, version: Version) -> HttpClient {
        let address = self.address;
        HttpClient { address, version }
    }

    /// A new connection of tonic's client.
    pub(crate) async fn channel(&self) -> Channel {
        let channel = Channel::from_shared(self.url()).expect("valid address");
        channel.connect().await.expect("connected")
    }

    pub(crate) async fn greeter(&self) -> GreeterClient<Channel> {
        GreeterClient::new(self.channel().await)
    }

    pub(crate) async fn users(&self) -> Users {
        UserServiceClient::new(self.channel().await)
    }

    /// An open stream whose only message has been read: it holds a permit.
    pub(crate) async fn watch_health(&self) -> Streaming<HealthCheckResponse> {
        let mut health = HealthClient::new(self.channel().await);
        let watch = health.watch(HealthCheckRequest::default()).await;
        let mut watch = watch.expect("response stream").into_inner();
        let first = watch.message().await.expect("message");
        assert!(first.is_some(), "the stream ended without a message");
        watch
    }

    /// Starts the graceful shutdown.
    pub(crate) fn shut_down(&mut self) {
        self.shutdown.take();
    }

    /// Waits for the end of the shutdown.
    pub(crate) async fn wait(self) {
        tokio::time::timeout(Duration::from_mins(1), self.running)
            .await
            .expect("shutdown in time")
            .expect("server task completed")
            .expect("clean shutdown");
    }
}
