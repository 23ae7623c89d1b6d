//! The data about a call that is not part of its request message.

use std::{net::IpAddr, sync::Arc, time::Instant};

use crate::Actor;

/// The data about a call that is not part of its request message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestContext {
    /// Who makes the call. The change log stores it with every change.
    pub caller: Actor,
    /// The call's id in the server's log; `None` outside of a server.
    pub request_id: Option<Arc<str>>,
    /// When the caller stops waiting. A command that is still queued by then is not executed.
    pub deadline: Option<Instant>,
    /// The client's address; `None` for a call that did not come over a network.
    pub client_address: Option<IpAddr>,
}

impl RequestContext {
    /// A call that the operator makes on the machine itself, without a deadline.
    #[must_use]
    pub fn local() -> Self {
        Self {
            caller: Actor::LOCAL_OPERATOR,
            request_id: None,
            deadline: None,
            client_address: None,
        }
    }
}
