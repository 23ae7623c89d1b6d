//! Conversions between the suite's messages and gRPC's metadata and status.

use prost::Message as _;
use prost_types::Any;
use tonic::{
    Code, Status,
    metadata::{KeyAndValueRef, MetadataMap},
};

use crate::proto::{Error, Header};

/// Converts metadata to headers with the values of each name in order, as on the wire: binary
/// values are base64.
#[must_use]
pub fn to_headers(metadata: &MetadataMap) -> Vec<Header> {
    let mut headers: Vec<Header> = Vec::new();
    for entry in metadata.iter() {
        let (name, value) = match entry {
            KeyAndValueRef::Ascii(name, value) => (name.as_str(), value.as_encoded_bytes()),
            KeyAndValueRef::Binary(name, value) => (name.as_str(), value.as_encoded_bytes()),
        };
        let value = String::from_utf8_lossy(value).into_owned();
        match headers.iter_mut().find(|header| header.name == name) {
            Some(header) => header.value.push(value),
            None => headers.push(Header {
                name: name.to_owned(),
                value: vec![value],
            }),
        }
    }
    headers
}

/// Appends the suite's headers, whose values are as on the wire.
///
/// # Errors
///
/// `INVALID_ARGUMENT` with the name of a header that is not valid.
pub fn add_headers(metadata: &mut MetadataMap, headers: &[Header]) -> Result<(), Status> {
    let mut map = std::mem::take(metadata).into_headers();
    for Header { name, value } in headers {
        let invalid = || Status::invalid_argument(format!("{name} is not a valid header"));
        let name: http::HeaderName = name.parse().map_err(|_| invalid())?;
        for value in value {
            map.append(&name, value.parse().map_err(|_| invalid())?);
        }
    }
    *metadata = MetadataMap::from_headers(map);
    Ok(())
}

/// Converts an error to a status. The suite uses gRPC's codes.
#[must_use]
pub fn to_status(error: &Error, metadata: MetadataMap) -> Status {
    let message = error.message.clone().unwrap_or_default();
    let details = tonic_types::Status {
        code: error.code,
        message: message.clone(),
        details: error.details.clone(),
    };
    Status::with_details_and_metadata(
        Code::from(error.code),
        message,
        details.encode_to_vec().into(),
        metadata,
    )
}

/// Converts a status to the suite's error.
#[must_use]
pub fn from_status(status: &Status) -> Error {
    let details: Vec<Any> = tonic_types::Status::decode(status.details())
        .map(|status| status.details)
        .unwrap_or_default();
    Error {
        code: status.code().into(),
        message: Some(status.message().to_owned()),
        details,
    }
}
