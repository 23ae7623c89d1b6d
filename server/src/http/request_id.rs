//! Request ids: in every response, in the log, and in every `INTERNAL` status. tower-http's layers
//! carry them; this generates them.

use std::{
    hash::{BuildHasher as _, RandomState},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Request};
use tower_http::request_id::{MakeRequestId, RequestId};

pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Generates ids of a random prefix per process and a counter, like `1f09b7c2-4e`: shorter and cheaper
/// than tower-http's UUIDs. They reveal the number of requests, which is no secret.
#[derive(Debug, Clone)]
pub struct RequestIdGenerator {
    /// Distinguishes the ids of different runs in one log.
    prefix: u32,
    next: Arc<AtomicU64>,
}

impl Default for RequestIdGenerator {
    fn default() -> Self {
        let random = RandomState::new().hash_one(std::process::id());
        Self {
            prefix: u32::try_from(random >> 32).unwrap_or_default(),
            next: Arc::new(AtomicU64::new(1)),
        }
    }
}

impl MakeRequestId for RequestIdGenerator {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let mut id = HeaderValue::try_from(format!("{:08x}-{number:x}", self.prefix)).ok()?;
        // Never indexed (RFC 7541, section 7.1.3): an id that does not recur would only displace other
        // headers from the connection's table.
        id.set_sensitive(true);
        Some(RequestId::new(id))
    }
}

/// Removes an id that the client sent, which tower-http would adopt: a client could choose the id of
/// another request.
pub fn remove_client_id<B>(mut request: Request<B>) -> Request<B> {
    request.headers_mut().remove(X_REQUEST_ID);
    request
}

/// The id of a request as text.
#[must_use]
pub fn of(extensions: &Extensions) -> Option<&str> {
    let id = extensions.get::<RequestId>()?;
    id.header_value().to_str().ok()
}

/// The response header for a call over a WebSocket: pages cannot read the headers of the response that
/// opened it.
#[must_use]
pub fn response_header(extensions: &Extensions) -> HeaderMap {
    let id = extensions.get::<RequestId>();
    id.map(|id| (X_REQUEST_ID, id.header_value().clone()))
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(generator: &mut RequestIdGenerator) -> HeaderValue {
        let id = generator.make_request_id(&Request::new(()));
        id.expect("an id").into_header_value()
    }

    #[test]
    fn every_id_is_new() {
        let mut generator = RequestIdGenerator::default();
        let mut clone = generator.clone();
        assert_ne!(next(&mut generator), next(&mut clone));
        assert_ne!(next(&mut RequestIdGenerator::default()), next(&mut clone));
    }

    #[test]
    fn an_id_is_hexadecimal() {
        for (prefix, number) in [(0, 0), (0xab, 1), (u32::MAX, u64::MAX), (0x1234_5678, 0x90)] {
            let next_number = Arc::new(AtomicU64::new(number));
            let mut generator = RequestIdGenerator {
                prefix,
                next: next_number,
            };
            assert_eq!(next(&mut generator), *format!("{prefix:08x}-{number:x}"));
        }
    }
}
