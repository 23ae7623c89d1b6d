//! The summary lines of test runners: cargo test, wasm-bindgen-test-runner, Python's unittest, TAP
//! and `cargo xtask conformance`.

use std::ops::AddAssign;

/// The counts in a summary line; zero where the line does not name them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Summary {
    total: u32,
    pub(super) failed: u32,
}

impl Summary {
    /// Returns `None` if `line` is not a summary line.
    pub(super) fn parse(line: &str) -> Option<Self> {
        if let Some(result) = line.strip_prefix("test result: ") {
            // `ok. 3 passed; 0 failed; 0 ignored; …`
            let failed = number_before(result, " failed");
            let total = number_before(result, " passed") + failed;
            return Some(Self { total, failed });
        }
        // TAP has one line for passed tests and one for failed tests.
        if let Some(passed) = number_after_prefix(line, "# pass ") {
            return Some(Self {
                total: passed,
                failed: 0,
            });
        }
        if let Some(failed) = number_after_prefix(line, "# fail ") {
            return Some(Self {
                total: failed,
                failed,
            });
        }
        if let Some(counts) = line.strip_suffix(" failed as expected") {
            // `server   1300 of 1304 passed, 3 failed as expected`: known failures do not count.
            let (counts, expected) = counts.split_once(" passed, ")?;
            let (passed, all) = counts.split_once(" of ")?;
            let passed: u32 = passed.rsplit_once(' ')?.1.parse().ok()?;
            let total = all
                .parse::<u32>()
                .ok()?
                .checked_sub(expected.parse().ok()?)?;
            let failed = total.checked_sub(passed)?;
            return Some(Self { total, failed });
        }
        // unittest has one line for the total and one for the failures.
        let total = line
            .strip_prefix("Ran ")
            .and_then(|rest| rest.split_once(" in "));
        if let Some((total, _)) = total {
            let total = total.split(' ').next()?.parse().ok()?;
            return Some(Self { total, failed: 0 });
        }
        if line == "OK" || line.starts_with("OK (") {
            return Some(Self::default());
        }
        let failures = line.strip_prefix("FAILED (")?;
        let failed = number_after(failures, "failures=") + number_after(failures, "errors=");
        Some(Self { total: 0, failed })
    }

    pub(super) fn passed(&self) -> u32 {
        self.total.saturating_sub(self.failed)
    }
}

impl AddAssign for Summary {
    fn add_assign(&mut self, other: Self) {
        self.total += other.total;
        self.failed += other.failed;
    }
}

fn number_after_prefix(line: &str, prefix: &str) -> Option<u32> {
    line.strip_prefix(prefix)?.parse().ok()
}

fn number_before(line: &str, word: &str) -> u32 {
    let number = line.split_once(word).map(|(before, _)| before);
    let digits = number.and_then(|text| text.rsplit(' ').next());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

fn number_after(line: &str, word: &str) -> u32 {
    let number = line.split_once(word).map(|(_, after)| after);
    let digits = number.and_then(|text| text.split([',', ')']).next());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_summary_lines_are_parsed() {
        let summary = |total, failed| Some(Summary { total, failed });
        for (line, expected) in [
            (
                "test result: FAILED. 3 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out",
                summary(5, 2),
            ),
            ("Ran 14 tests in 0.812s", summary(14, 0)),
            ("Ran 1 test in 0.001s", summary(1, 0)),
            ("OK", summary(0, 0)),
            ("OK (skipped=1)", summary(0, 0)),
            ("FAILED (failures=1, errors=2)", summary(0, 3)),
            ("# pass 12", summary(12, 0)),
            ("# fail 3", summary(3, 3)),
            ("# pass it on", None),
            (
                "server   1300 of 1304 passed, 3 failed as expected",
                summary(1301, 1),
            ),
            ("1300 passed, 1 failed", None),
            ("test greets_by_name ... ok", None),
            ("Ran out of patience in a moment", None),
            ("FAILED", None),
        ] {
            assert_eq!(Summary::parse(line), expected, "{line}");
        }
    }
}
