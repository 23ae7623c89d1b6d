//! The result of a check.

pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) outcome: Outcome,
}

pub(super) enum Outcome {
    Ok(String),
    /// With what to do about it.
    Failed(String),
}

impl Check {
    pub(super) fn ok(name: &'static str, message: impl Into<String>) -> Self {
        let outcome = Outcome::Ok(message.into());
        Self { name, outcome }
    }

    pub(super) fn failed(name: &'static str, message: impl Into<String>) -> Self {
        let outcome = Outcome::Failed(message.into());
        Self { name, outcome }
    }
}
