//! Messages for programs: one object a line, in protobuf's JSON mapping.

use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};

use super::{Out, Unread};
use crate::failure::Failure;

/// Messages of one type.
pub(in crate::cli) struct Json(MessageDescriptor);

impl Json {
    /// Of the type with this name.
    pub(in crate::cli) fn of(name: &str) -> Result<Self, Failure> {
        let unknown = |why: String| Failure::broken(format!("{name} is not known: {why}"));
        DescriptorPool::decode(frontdesk::FILE_DESCRIPTOR_SET)
            .map_err(|error| unknown(error.to_string()))?
            .get_message_by_name(name)
            .map(Self)
            .ok_or_else(|| unknown("no message has that name".to_owned()))
    }

    /// Prints a message.
    pub(in crate::cli) fn line(&self, message: &impl Message, out: &mut Out) -> Result<(), Unread> {
        let line = self.text(message).map_err(std::io::Error::other)?;
        out.line(&line)
    }

    fn text(
        &self,
        message: &impl Message,
    ) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
        let message = DynamicMessage::decode(self.0.clone(), &message.encode_to_vec()[..])?;
        Ok(serde_json::to_string(&message)?)
    }
}

#[cfg(test)]
mod tests {
    use frontdesk::user::{UserEvent, UserResponse, user_event::Kind};

    use super::*;

    #[test]
    fn a_message_is_one_object_in_protobufs_mapping() {
        let json = Json::of("user.UserEvent").expect("it is known");
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
        let text = json.text(&event).expect("JSON");
        assert_eq!(
            text,
            "{\"revision\":\"1152921504606846976\",\"kind\":\"CREATED\",\"user\":{\"id\":7,\
             \"name\":\"A\\u001b\\n\\\"\",\"updateTime\":\"1970-01-01T00:00:01Z\"}}"
        );
    }
}
