//! The context of a call.

use frontdesk_directory::RequestContext;
use tonic::Extensions;

/// The context that the layers around the services have put into a request's extensions; that of a
/// local call where there are no such layers.
pub(super) fn of(extensions: &Extensions) -> RequestContext {
    extensions
        .get::<RequestContext>()
        .cloned()
        .unwrap_or_else(RequestContext::local)
}
