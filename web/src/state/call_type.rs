//! The four gRPC call types, and the page's texts about each.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallType {
    Unary,
    ServerStreaming,
    ClientStreaming,
    Bidirectional,
}

/// The page's texts about a call type.
pub struct CallInfo {
    pub title: &'static str,
    /// The method that the page calls, as `package.Service/Method`.
    pub method: &'static str,
    pub description: &'static str,
    /// Label of the button that sends a name.
    pub send_label: &'static str,
    /// Label of the button that ends the request stream, if the request is a stream.
    pub finish_label: Option<&'static str>,
    /// Accessible name of the list of replies.
    pub replies_label: &'static str,
    /// Which deadline applies if none is entered.
    pub deadline_hint: &'static str,
}

impl CallType {
    pub const ALL: [Self; 4] = [
        Self::Unary,
        Self::ServerStreaming,
        Self::ClientStreaming,
        Self::Bidirectional,
    ];

    pub fn info(self) -> &'static CallInfo {
        match self {
            Self::Unary => &CallInfo {
                title: "Unary",
                method: "greeter.Greeter/SayHello",
                description: "Send one name, get one greeting.",
                send_label: "Send",
                finish_label: None,
                replies_label: "Greeting",
                deadline_hint: "10 seconds if empty.",
            },
            Self::ServerStreaming => &CallInfo {
                title: "Server streaming",
                method: "greeter.Greeter/LotsOfReplies",
                description: "Send one name, get a greeting in each language as it becomes ready.",
                send_label: "Send",
                finish_label: None,
                replies_label: "Greetings in many languages",
                deadline_hint: "30 seconds if empty.",
            },
            Self::ClientStreaming => &CallInfo {
                title: "Client streaming",
                method: "greeter.Greeter/LotsOfGreetings",
                description: "Send names one by one, get one greeting for all of them at the end.",
                send_label: "Add",
                finish_label: Some("Finish"),
                replies_label: "Names and greeting",
                deadline_hint: "None if empty.",
            },
            Self::Bidirectional => &CallInfo {
                title: "Bidirectional streaming",
                method: "greeter.Greeter/BidiHello",
                description: "Send names one by one, get a greeting for each as it arrives.",
                send_label: "Send",
                finish_label: Some("End call"),
                replies_label: "Conversation",
                deadline_hint: "None if empty.",
            },
        }
    }

    /// Whether the request is a stream, so that more than one name can be sent.
    pub fn streams_requests(self) -> bool {
        matches!(self, Self::ClientStreaming | Self::Bidirectional)
    }

    pub fn path(self) -> &'static str {
        match self {
            Self::Unary => "/",
            Self::ServerStreaming => "/?call=server",
            Self::ClientStreaming => "/?call=client",
            Self::Bidirectional => "/?call=bidi",
        }
    }

    /// Parses the query parameter `call`; unknown values mean a unary call.
    pub fn parse(call: Option<&str>) -> Self {
        match call {
            Some("server") => Self::ServerStreaming,
            Some("client") => Self::ClientStreaming,
            Some("bidi") => Self::Bidirectional,
            _ => Self::Unary,
        }
    }
}
