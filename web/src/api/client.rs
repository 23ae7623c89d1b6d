use frontdesk_transport::client::Channel;

use super::{greeter::Greeter, health::ServerHealth, users::Users};

/// Overrides where calls go: trunk's development proxy does not support `WebSockets` (see
/// Trunk.toml).
const SERVER: Option<&str> = option_env!("FRONTDESK_PAGE_SERVER");

/// The server's API. Cloning is shallow.
#[derive(Clone)]
pub struct Api {
    pub greeter: Greeter,
    pub users: Users,
    pub health: ServerHealth,
}

impl Api {
    /// Connects to the server at `origin` and monitors it for as long as the current owner lives.
    pub fn new(origin: &str) -> Self {
        let channel = Channel::new(SERVER.unwrap_or(origin))
            .with_client_streaming(frontdesk::CLIENT_STREAMING)
            .with_single_responses(frontdesk::SINGLE_RESPONSE);
        let health = ServerHealth::monitor(origin);
        Self {
            greeter: Greeter::new(channel.clone(), health),
            users: Users::new(channel, health),
            health,
        }
    }
}
