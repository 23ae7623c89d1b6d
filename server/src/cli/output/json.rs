//! Messages as JSON: one object per line, in the JSON mapping of protobuf.

use std::io;

use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};

use super::stdout::{PrintError, Stdout};
use crate::cli::error::CliError;

/// Prints messages of one type.
pub(in crate::cli) struct JsonLines(MessageDescriptor);

impl JsonLines {
    /// `message` is the full name of the message type.
    pub(in crate::cli) fn new(message: &str) -> Result<Self, CliError> {
        DescriptorPool::decode(frontdesk::FILE_DESCRIPTOR_SET)
            .map_err(|error| CliError::failed(format!("invalid descriptors: {error}")))?
            .get_message_by_name(message)
            .map(Self)
            .ok_or_else(|| CliError::failed(format!("unknown message type {message}")))
    }

    pub(in crate::cli) fn print(
        &self,
        message: &impl Message,
        out: &mut Stdout,
    ) -> Result<(), PrintError> {
        out.line(&self.format(message)?)
    }

    fn format(&self, message: &impl Message) -> io::Result<String> {
        let message = DynamicMessage::decode(self.0.clone(), &message.encode_to_vec()[..])
            .map_err(io::Error::other)?;
        Ok(serde_json::to_string(&message)?)
    }
}

#[cfg(test)]
mod tests {
    use frontdesk::user::{UserEvent, UserResponse, user_event::Kind};

    use super::*;

    #[test]
    fn a_message_is_one_object_in_the_json_mapping() {
        let json = JsonLines::new("user.UserEvent").expect("it is known");
        let event = UserEvent {
            revision: 1 << 60,
            kind: Kind::Created.into(),
            user: Some(UserResponse {
                id: 7,
                name: "A\u{1b}\n\"".to_owned(),
                update_time: Some(prost_types::Timestamp {
                    seconds: 1,
                    nanos: 0,
                }),
                ..UserResponse::default()
            }),
            ..UserEvent::default()
        };
        let text = json.format(&event).expect("JSON");
        assert_eq!(
            text,
            "{\"revision\":\"1152921504606846976\",\"kind\":\"CREATED\",\"user\":{\"id\":7,\
             \"name\":\"A\\u001b\\n\\\"\",\"updateTime\":\"1970-01-01T00:00:01Z\"}}"
        );
    }
}
