use leptos::prelude::*;

use super::{
    log_list::{LogItem, log_list},
    reactive::reactive,
};
use crate::state::{call_type::CallType, ring_buffer::RingBuffer, transcript::TranscriptLine};

/// The names sent and the greetings received in a call.
#[component]
pub(crate) fn Transcript(
    call: CallType,
    lines: RwSignal<RingBuffer<TranscriptLine>>,
) -> impl IntoView {
    // Replies are announced, unless dozens arrive at once.
    let (class, live, tabindex) = match call {
        CallType::Unary => ("transcript__single", None, None),
        CallType::ServerStreaming => ("transcript__grid", Some("off"), None),
        // Scrolls, so that the input below stays in view.
        CallType::ClientStreaming | CallType::Bidirectional => {
            ("transcript__conversation", None, Some("0"))
        }
    };
    let list = log_list(
        class,
        Some(call.info().replies_label),
        Callback::new(move |()| lines.with(RingBuffer::indices)),
        Callback::new(move |index| lines.with_untracked(|lines| lines.get(index).map(log_item))),
    );
    view! {
        <div class="transcript" role="log" aria-label="Replies" aria-live=live tabindex=tabindex>
            {list}
        </div>
        <p class="log-list__note">{reactive(move || lines.with(RingBuffer::dropped_note))}</p>
    }
}

fn log_item(line: &TranscriptLine) -> LogItem {
    let mut spans = Vec::new();
    if line.is_own {
        spans.push(("visually-hidden", "You: ".to_owned()));
    }
    spans.push(("", line.text.clone()));
    if let Some(greeting) = line.greeting {
        spans.push(("transcript__language", greeting.endonym.to_owned()));
    }
    LogItem {
        spans,
        is_own: line.is_own,
        language: line.greeting.map(|greeting| greeting.language),
    }
}
