//! Lines for a file: what `tracing-subscriber` writes by default, without its colours, and made in
//! a third of the time. Every request has such a line, and every call a span with its id: written
//! by `core::fmt`, they took a tenth of what the server can do.

use std::{
    error::Error,
    fmt::{self, Debug},
    time::SystemTime,
};

use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    field::{RecordFields, VisitOutput as _},
    fmt::{
        FmtContext, FormatEvent, FormatFields, FormattedFields,
        format::{DefaultVisitor, Writer},
        time::FormatTime,
    },
    registry::LookupSpan,
};

/// The formatter; see [the module](self).
#[derive(Debug, Clone, Copy)]
pub(super) struct Plain;

impl FormatTime for Plain {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        write!(
            writer,
            "{}",
            humantime::format_rfc3339_micros(SystemTime::now())
        )
    }
}

impl<S, N> FormatEvent<S, N> for Plain
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let about = event.metadata();
        self.format_time(&mut writer)?;
        writer.write_str(level(*about.level()))?;
        if let Some(spans) = context.event_scope() {
            for span in spans.from_root() {
                writer.write_str(span.name())?;
                let extensions = span.extensions();
                if let Some(fields) = extensions.get::<FormattedFields<N>>()
                    && !fields.is_empty()
                {
                    writer.write_char('{')?;
                    writer.write_str(fields)?;
                    writer.write_char('}')?;
                }
                writer.write_char(':')?;
            }
            writer.write_char(' ')?;
        }
        writer.write_str(about.target())?;
        writer.write_str(": ")?;
        context.format_fields(writer.by_ref(), event)?;
        writer.write_char('\n')
    }
}

/// As wide as each other, with a space on both sides.
fn level(level: Level) -> &'static str {
    match level {
        Level::ERROR => " ERROR ",
        Level::WARN => "  WARN ",
        Level::INFO => "  INFO ",
        Level::DEBUG => " DEBUG ",
        Level::TRACE => " TRACE ",
    }
}

impl<'writer> FormatFields<'writer> for Plain {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut visitor = Visitor {
            writer,
            is_first: true,
            result: Ok(()),
        };
        fields.record(&mut visitor);
        visitor.result
    }
}

struct Visitor<'writer> {
    writer: Writer<'writer>,
    is_first: bool,
    result: fmt::Result,
}

impl Visitor<'_> {
    /// Writes what needs neither the care that an event's words do nor colours.
    fn pair(&mut self, field: &Field, value: impl FnOnce(&mut Writer<'_>) -> fmt::Result) {
        if self.result.is_ok() {
            self.result = self.try_pair(field, value);
        }
    }

    fn try_pair(
        &mut self,
        field: &Field,
        value: impl FnOnce(&mut Writer<'_>) -> fmt::Result,
    ) -> fmt::Result {
        if !self.is_first {
            self.writer.write_char(' ')?;
        }
        self.is_first = false;
        self.writer.write_str(field.name())?;
        self.writer.write_char('=')?;
        value(&mut self.writer)
    }

    /// Has `tracing-subscriber` write it: it knows what could steer a terminal.
    fn usually(&mut self, record: impl FnOnce(&mut DefaultVisitor<'_>)) {
        if self.result.is_ok() {
            let mut usual = DefaultVisitor::new(self.writer.by_ref(), self.is_first);
            record(&mut usual);
            self.result = usual.finish();
            self.is_first = false;
        }
    }
}

/// Whether a field is nothing but a name and a value: not an event's words, and not called by what
/// is a word of Rust's.
fn is_plain(field: &Field) -> bool {
    field.name() != MESSAGE && !field.name().starts_with("r#")
}

/// The field that holds an event's words (`tracing-core` calls it so).
const MESSAGE: &str = "message";

impl Visit for Visitor<'_> {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if !is_plain(field) {
            return self.record_debug(field, &value);
        }
        let mut digits = itoa::Buffer::new();
        self.pair(field, |writer| writer.write_str(digits.format(value)));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if is_plain(field) && needs_no_escaping(value.as_bytes()) {
            self.pair(field, |writer| {
                writer.write_char('"')?;
                writer.write_str(value)?;
                writer.write_char('"')
            });
        } else {
            self.usually(|usual| usual.record_str(field, value));
        }
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.usually(|usual| usual.record_error(field, value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if is_plain(field) {
            self.pair(field, |writer| write!(writer, "{value:?}"));
        } else {
            self.usually(|usual| usual.record_debug(field, value));
        }
    }
}

/// Whether `{:?}` would write these bytes as they are, as it does most. All are looked at, which
/// takes less time than to stop at the first odd one.
fn needs_no_escaping(bytes: &[u8]) -> bool {
    let is_odd = |byte: u8| !matches!(byte, b' '..=b'~') || byte == b'"' || byte == b'\\';
    !bytes.iter().fold(false, |odd, &byte| odd | is_odd(byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::testing::Log;

    /// The log's lines, without the time that each begins with.
    fn lines(log: &Log) -> Vec<String> {
        let without_time = |line: &str| {
            let (time, rest) = line.split_once(' ').expect("a time");
            humantime::parse_rfc3339(time).expect("a time");
            rest.to_owned()
        };
        log.text().lines().map(without_time).collect()
    }

    fn say_something() {
        tracing::info!("just words");
        tracing::warn!(text = "plain", count = 7, "words");
        tracing::error!(target: "elsewhere", odd = "a \"quote\" and a\nline", none = None::<u64>);
        tracing::info!(
            r#type = 1,
            odd = "\x1b[31mred\u{9b}",
            "words \x1b[31m and \x07"
        );
        tracing::info!(message = "said \x1b", r#fn = "x");
        let cause = std::io::Error::other(std::io::Error::other("cause \x1b"));
        tracing::warn!(error = &cause as &(dyn Error + 'static));
        let outer = tracing::info_span!("outer", id = %"a1", size = 3_u64);
        let _outer = outer.enter();
        let inner = tracing::info_span!("inner");
        let _inner = inner.enter();
        tracing::info!(minus = -1_i64, truth = true, path = ?Some("x"));
    }

    #[test]
    fn a_line_is_what_tracing_subscriber_writes() {
        let [plain, usual] = [Log::default(), Log::default()];
        let builder = || tracing_subscriber::fmt().with_ansi(false);
        tracing::subscriber::with_default(
            builder()
                .with_writer(plain.clone())
                .event_format(Plain)
                .fmt_fields(Plain)
                .finish(),
            say_something,
        );
        tracing::subscriber::with_default(
            builder().with_writer(usual.clone()).finish(),
            say_something,
        );
        assert_eq!(lines(&plain).len(), 7);
        assert_eq!(lines(&plain), lines(&usual));
    }
}
