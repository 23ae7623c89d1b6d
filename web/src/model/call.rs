//! The four types of calls that gRPC has, and what the page shows of each.

/// A type of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "gRPC's own names, documented there")]
pub enum Call {
    Unary,
    ServerStreaming,
    ClientStreaming,
    Bidirectional,
}

/// What a person reads of a call.
pub struct Facts {
    /// What gRPC calls it.
    pub title: &'static str,
    /// The method that is called, as it stands on the wire.
    pub method: &'static str,
    /// What it does.
    pub about: &'static str,
    /// What sends a name.
    pub send: &'static str,
    /// What says that no more names come, where there may be more than one.
    pub end: Option<&'static str>,
    /// The list of what comes back.
    pub answers: &'static str,
    /// How long it has where nobody says.
    pub usual: &'static str,
}

impl Call {
    /// All of them, from the simplest on.
    pub const ALL: [Self; 4] = [
        Self::Unary,
        Self::ServerStreaming,
        Self::ClientStreaming,
        Self::Bidirectional,
    ];

    /// What a person reads of it.
    #[must_use]
    pub fn facts(self) -> &'static Facts {
        match self {
            Self::Unary => &Facts {
                title: "Unary",
                method: "greeter.Greeter/SayHello",
                about: "One name goes, one greeting comes back.",
                send: "Greet",
                end: None,
                answers: "Greeting",
                usual: "10 seconds if left empty.",
            },
            Self::ServerStreaming => &Facts {
                title: "Server streaming",
                method: "greeter.Greeter/LotsOfReplies",
                about: "One name goes, a greeting in each language comes back, as it is ready.",
                send: "Greet",
                end: None,
                answers: "Greetings in many languages",
                usual: "30 seconds if left empty.",
            },
            Self::ClientStreaming => &Facts {
                title: "Client streaming",
                method: "greeter.Greeter/LotsOfGreetings",
                about: "Names go one by one while the call is open; after the last, one greeting \
                        comes back for everybody.",
                send: "Add",
                end: Some("Finish"),
                answers: "Names, and the greeting",
                usual: "None if left empty.",
            },
            Self::Bidirectional => &Facts {
                title: "Bidirectional streaming",
                method: "greeter.Greeter/BidiHello",
                about: "A conversation: each name is greeted as it arrives, and the call stays open \
                        for the next.",
                send: "Say",
                end: Some("End"),
                answers: "Conversation",
                usual: "None if left empty.",
            },
        }
    }

    /// Whether more than one name may be sent.
    #[must_use]
    pub fn is_talk(self) -> bool {
        self.facts().end.is_some()
    }

    /// Its address.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Unary => "/",
            Self::ServerStreaming => "/?call=server",
            Self::ClientStreaming => "/?call=client",
            Self::Bidirectional => "/?call=bidi",
        }
    }

    /// What `call` of a query asks for; what makes no sense there is the simplest.
    #[must_use]
    pub fn parse(call: Option<&str>) -> Self {
        match call {
            Some("server") => Self::ServerStreaming,
            Some("client") => Self::ClientStreaming,
            Some("bidi") => Self::Bidirectional,
            _ => Self::Unary,
        }
    }
}
