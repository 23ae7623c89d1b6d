//! BENCHMARKS.md: what was measured, on what, and whether it is what was aimed at.

use std::{
    fmt::{self, Display, Formatter, Write as _},
    fs,
    path::Path,
    thread,
};

use crate::{Outcome, source::Source};

/// One line of the table.
pub(crate) struct Row {
    figure: &'static str,
    /// What it is to be, and whether it is; where nothing is aimed at, it is only told.
    aim: Option<(String, bool)>,
    found: String,
}

impl Row {
    /// A number that is to be `bound` or more; `detail` says what it is made of.
    pub(crate) fn at_least(
        figure: &'static str,
        bound: f64,
        found: f64,
        unit: &str,
        detail: &str,
    ) -> Self {
        Self::new(figure, "≥", bound, found, found >= bound, unit, detail)
    }

    /// A number that is to be `bound` or less; `detail` says what it is made of.
    pub(crate) fn at_most(
        figure: &'static str,
        bound: f64,
        found: f64,
        unit: &str,
        detail: &str,
    ) -> Self {
        Self::new(figure, "≤", bound, found, found <= bound, unit, detail)
    }

    /// A number that nothing is aimed at; `detail` says what it is made of.
    pub(crate) fn told(figure: &'static str, found: f64, unit: &str, detail: &str) -> Self {
        let mut text = with_unit(found, unit);
        if !detail.is_empty() {
            let _infallible = write!(text, " ({detail})");
        }
        Self {
            figure,
            aim: None,
            found: text,
        }
    }

    fn new(
        figure: &'static str,
        relation: &str,
        bound: f64,
        found: f64,
        met: bool,
        unit: &str,
        detail: &str,
    ) -> Self {
        let aim = format!("{relation} {}", with_unit(bound, unit));
        Self {
            aim: Some((aim, met)),
            ..Self::told(figure, found, unit, detail)
        }
    }
}

impl Display for Row {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { figure, aim, found } = self;
        let (aim, met) = match aim {
            Some((aim, true)) => (aim.as_str(), "yes"),
            Some((aim, false)) => (aim.as_str(), "**no**"),
            None => ("", ""),
        };
        write!(f, "| {figure} | {aim} | {found} | {met} |")
    }
}

fn with_unit(value: f64, unit: &str) -> String {
    let space = if unit.is_empty() { "" } else { " " };
    format!("{}{space}{unit}", number(value))
}

/// A number as people read it: `0.93`, `12.4`, `131,200`.
pub(crate) fn number(value: f64) -> String {
    let decimals = match value.abs() {
        small if small < 10.0 => 2,
        middling if middling < 1_000.0 => 1,
        _ => 0,
    };
    let text = format!("{value:.decimals$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) && grouped != "-" {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match fraction.trim_end_matches('0') {
        "" => grouped,
        fraction => format!("{grouped}.{fraction}"),
    }
}

/// Writes BENCHMARKS.md anew.
pub(crate) fn write(rows: &[Row], source: &Source) -> Outcome {
    let mut text = format!("{INTRODUCTION}\nMeasured: {source}, on {}.\n\n", machine());
    text.push_str("| figure | aim | measured | met |\n|---|---|---|---|\n");
    for row in rows {
        writeln!(text, "{row}")?;
    }
    text.push_str(METHOD);
    fs::write(Path::new("BENCHMARKS.md"), text)?;
    println!("BENCHMARKS.md is written");
    Ok(())
}

fn machine() -> String {
    let information = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = information
        .lines()
        .find_map(|line| Some(line.strip_prefix("model name")?.split_once(": ")?.1))
        .unwrap_or("an unknown processor");
    let cores = thread::available_parallelism().map_or(1, usize::from);
    format!("{cores} cores of {model}, which the load generator and the browser share")
}

const INTRODUCTION: &str = "\
# Benchmarks

Written by `cargo xtask bench`; `cargo xtask bench --list` names the figures, and each can be
measured alone. Ratios are of two things measured in turns in one run; what one machine does in a
second says little about another.
";

const METHOD: &str = "
## How

- Medians of several runs. Where two things are compared, their runs alternate; of requests a second
  the ratio is the median of the ratios of runs that follow each other, so that a machine that slows
  down slows down both.
- Frontdesk runs with the settings it has by itself, access lines included; they go to `/dev/null`.
- Requests a second: h2load 1.52 or later with 8 connections; native gRPC with 16 streams on each,
  gRPC-Web over HTTP/1.1. Every answer has to have come.
- Bare tonic and tonic-web are `bench/src/bare.rs`: the same handler, as tonic's examples have it,
  with the system's allocator; Frontdesk's binary brings mimalloc along.
- The slow line is none: the bytes of the answer, its headers included, over what 10 Mbit/s carry.
- Memory is what the system says of the server's process: `VmHWM` after, less `VmRSS` before.
- The page is the one that is given away, in headless Chromium.
";

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_as_people_read_them() {
        assert_eq!(number(0.934), "0.93");
        assert_eq!(number(12.44), "12.4");
        assert_eq!(number(131_200.5), "131,200");
        assert_eq!(number(1_000_000.0), "1,000,000");
        assert_eq!(number(32.0), "32");
    }
}
