//! Starts servers in this process.

use std::{net::SocketAddr, path::Path, time::Duration};

use frontdesk::{
    greeter::greeter_client::GreeterClient, user::user_service_client::UserServiceClient,
};
use frontdesk_server::{app, config::Settings, http::SetupError};
use frontdesk_store::{Lock, RetentionPolicy, Store};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tonic::{Streaming, transport::Channel};
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse, health_client::HealthClient};

/// A server that answers on a free port until it is dropped or closed.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    close: Option<oneshot::Sender<()>>,
    running: JoinHandle<Result<(), SetupError>>,
    data: TempDir,
}

impl Server {
    /// A new directory, the default settings.
    pub(crate) async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    /// A new directory, and settings of the test's own.
    pub(crate) async fn open_with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::open_keeping(RetentionPolicy::default(), change).await
    }

    /// The same, and how long what is gone is kept.
    pub(crate) async fn open_keeping(
        keeping: RetentionPolicy,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let mut settings = Settings::default();
        change(&mut settings);
        let lock = Lock::acquire(data.path(), "a test").expect("the folder is ours");
        let store = Store::open_searchable(&lock, keeping).expect("a new directory");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let (close, closed) = oneshot::channel::<()>();
        let running = tokio::spawn(async move {
            app::run(
                vec![listener],
                &settings,
                std::sync::Arc::new(store),
                async {
                    let _ = closed.await;
                },
            )
            .await
        });
        Self {
            address,
            close: Some(close),
            running,
            data,
        }
    }

    /// The folder that its directory is kept in.
    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    /// Where it answers.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A connection of tonic's own client.
    pub(crate) async fn channel(&self) -> Channel {
        let channel = Channel::from_shared(self.url()).expect("an address");
        channel.connect().await.expect("the server")
    }

    /// The greeter, over a connection of its own.
    pub(crate) async fn greeter(&self) -> GreeterClient<Channel> {
        GreeterClient::new(self.channel().await)
    }

    /// The people, over a connection of their own.
    pub(crate) async fn users(&self) -> UserServiceClient<Channel> {
        UserServiceClient::new(self.channel().await)
    }

    /// A stream that has said the one thing that it has to say, and goes on.
    pub(crate) async fn watch(&self) -> Streaming<HealthCheckResponse> {
        let mut health = HealthClient::new(self.channel().await);
        let watch = health.watch(HealthCheckRequest::default()).await;
        let mut watch = watch.expect("a stream").into_inner();
        let first = watch.message().await.expect("a message");
        assert!(first.is_some(), "it ended at once");
        watch
    }

    /// Tells it to stop; the server goes on ending what has begun.
    pub(crate) fn tell_to_stop(&mut self) {
        self.close.take();
    }

    /// Waits until it has stopped.
    pub(crate) async fn stopped(self) {
        tokio::time::timeout(Duration::from_mins(1), self.running)
            .await
            .expect("it stops within its bound")
            .expect("it does not panic")
            .expect("it ends well");
    }
}
