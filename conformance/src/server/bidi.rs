//! The bidirectional stream. Full duplex: one response to each request. Half duplex: all responses
//! after the last request.

use prost_types::Any;
use tonic::{Status, Streaming};

use super::responses::{delay, end_of_stream, to_any};
use crate::proto::{
    BidiStreamRequest, BidiStreamResponse, ConformancePayload, StreamResponseDefinition,
    conformance_payload::RequestInfo,
};

pub(super) struct Responses {
    requests: Streaming<BidiStreamRequest>,
    definition: StreamResponseDefinition,
    full_duplex: bool,
    /// Echoed with the first response.
    info: Option<RequestInfo>,
    /// Requests that have not been echoed.
    received: Vec<Any>,
    sent: usize,
    requests_ended: bool,
    ended: bool,
}

impl Responses {
    pub(super) fn new(
        first: Option<BidiStreamRequest>,
        requests: Streaming<BidiStreamRequest>,
        info: RequestInfo,
    ) -> Result<Self, Status> {
        let received = first.iter().map(to_any).collect::<Result<_, _>>()?;
        let requests_ended = first.is_none();
        let first = first.unwrap_or_default();
        Ok(Self {
            requests,
            definition: first.response_definition.unwrap_or_default(),
            full_duplex: first.full_duplex,
            info: Some(info),
            received,
            sent: 0,
            requests_ended,
            ended: false,
        })
    }

    pub(super) fn definition(&self) -> &StreamResponseDefinition {
        &self.definition
    }

    /// The next response or the status at the end, then `None`.
    pub(super) async fn next(&mut self) -> Option<Result<BidiStreamResponse, Status>> {
        if self.ended {
            return None;
        }
        let response = self.next_response().await;
        self.ended = response.is_err();
        Some(response)
    }

    async fn next_response(&mut self) -> Result<BidiStreamResponse, Status> {
        while !(self.requests_ended || self.full_duplex && !self.received.is_empty()) {
            match self.requests.message().await? {
                Some(request) => self.received.push(to_any(&request)?),
                None => self.requests_ended = true,
            }
        }
        let Some(data) = self.definition.response_data.get(self.sent).cloned() else {
            let info = self.take_request_info().filter(|_| self.sent == 0);
            return Err(end_of_stream(&self.definition, info)?);
        };
        let request_info = self.take_request_info();
        delay(self.definition.response_delay_ms).await;
        self.sent += 1;
        Ok(BidiStreamResponse {
            payload: Some(ConformancePayload { data, request_info }),
        })
    }

    /// What has not been echoed yet.
    fn take_request_info(&mut self) -> Option<RequestInfo> {
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
