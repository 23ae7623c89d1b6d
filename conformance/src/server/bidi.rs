//! The bidirectional stream: one reply to each request, or all of them when the last has come.

use prost_types::Any;
use tonic::{Status, Streaming};

use super::replies::{any, end, pause};
use crate::wire::{
    BidiStreamRequest, BidiStreamResponse, ConformancePayload, StreamResponseDefinition,
    conformance_payload::RequestInfo,
};

/// A stream of replies in the making.
pub(super) struct Replies {
    requests: Streaming<BidiStreamRequest>,
    definition: StreamResponseDefinition,
    full_duplex: bool,
    /// What is told of the request, until it has been.
    info: Option<RequestInfo>,
    /// Requests that have not been echoed.
    received: Vec<Any>,
    sent: usize,
    /// No more requests are waited for.
    heard_all: bool,
    ended: bool,
}

impl Replies {
    pub(super) fn new(
        first: Option<BidiStreamRequest>,
        requests: Streaming<BidiStreamRequest>,
        info: RequestInfo,
    ) -> Result<Self, Status> {
        let received = first.iter().map(any).collect::<Result<_, _>>()?;
        let heard_all = first.is_none();
        let first = first.unwrap_or_default();
        Ok(Self {
            requests,
            definition: first.response_definition.unwrap_or_default(),
            full_duplex: first.full_duplex,
            info: Some(info),
            received,
            sent: 0,
            heard_all,
            ended: false,
        })
    }

    pub(super) fn definition(&self) -> &StreamResponseDefinition {
        &self.definition
    }

    /// The next reply, or how it all ends; nothing after that.
    pub(super) async fn next(&mut self) -> Option<Result<BidiStreamResponse, Status>> {
        if self.ended {
            return None;
        }
        let reply = self.reply().await;
        self.ended = reply.is_err();
        Some(reply)
    }

    async fn reply(&mut self) -> Result<BidiStreamResponse, Status> {
        while !(self.heard_all || self.full_duplex && self.has_one()) {
            match self.requests.message().await? {
                Some(request) => self.received.push(any(&request)?),
                None => self.heard_all = true,
            }
        }
        let Some(data) = self.definition.response_data.get(self.sent).cloned() else {
            let unsaid = self.request_info().filter(|_| self.sent == 0);
            return Err(end(&self.definition, unsaid)?);
        };
        let request_info = self.request_info();
        pause(self.definition.response_delay_ms).await;
        self.sent += 1;
        Ok(BidiStreamResponse {
            payload: Some(ConformancePayload { data, request_info }),
        })
    }

    /// Whether a request waits for its reply.
    fn has_one(&self) -> bool {
        !self.received.is_empty()
    }

    /// What has not been echoed yet.
    fn request_info(&mut self) -> Option<RequestInfo> {
        let requests = std::mem::take(&mut self.received);
        match self.info.take() {
            Some(info) => Some(RequestInfo { requests, ..info }),
            None if requests.is_empty() => None,
            None => Some(RequestInfo {
                requests,
                ..RequestInfo::default()
            }),
        }
    }
}
