//! The transport of a command's calls.

use http::{Request, Response};
use tonic::body::Body;
use tower::util::BoxCloneSyncService;

use crate::http::BoxError;

/// A connection to a server, or services in this process.
pub(super) type Channel = BoxCloneSyncService<Request<Body>, Response<Body>, BoxError>;
