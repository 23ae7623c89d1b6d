/// The browser API that carries a call.
///
/// A channel chooses the carrier for each call; see [`Channel`](super::Channel). As an extension of a
/// request, a carrier overrides the choice for that call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Carrier {
    /// gRPC-Web over `fetch`. The request is collected before it is sent.
    Fetch,
    /// `grpc-websockets` over a `WebSocket`. Request and response are streamed at the same time.
    WebSocket,
    /// gRPC-Web over `fetch` by the crate `tonic-web-wasm-client`. The request is collected before it
    /// is sent.
    #[cfg(feature = "tonic-web-wasm-client")]
    TonicWeb,
}

impl Carrier {
    /// The default for unary and server-streaming calls.
    #[cfg(not(feature = "tonic-web-wasm-client"))]
    pub(super) const UNARY: Self = Self::Fetch;
    /// The default for unary and server-streaming calls.
    #[cfg(feature = "tonic-web-wasm-client")]
    pub(super) const UNARY: Self = Self::TonicWeb;
}
