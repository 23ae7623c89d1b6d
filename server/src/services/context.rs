use frontdesk_directory::RequestContext;
use tonic::Extensions;

/// The context that `grpc::request_context` has put into a request's extensions. A service without
/// layers, as in benchmarks, gets that of a local call.
pub(super) fn of(extensions: &Extensions) -> RequestContext {
    extensions
        .get()
        .cloned()
        .unwrap_or_else(RequestContext::local)
}
