//! The lines that test runners close with: cargo's, wasm-bindgen's, Python's unittest, TAP's, and
//! those of `cargo xtask conformance`.

use std::ops::AddAssign;

/// How many tests there were, as far as a line says it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Closing {
    ran: u32,
    /// How many of them failed.
    pub(super) failed: u32,
}

impl Closing {
    /// What the line says; nothing where it is another line.
    pub(super) fn read(line: &str) -> Option<Self> {
        if let Some(result) = line.strip_prefix("test result: ") {
            // `ok. 3 passed; 0 failed; 0 ignored; …`
            let failed = before(result, " failed");
            let ran = before(result, " passed") + failed;
            return Some(Self { ran, failed });
        }
        // TAP says in one line how many went well, in another how many failed.
        if let Some(passed) = number(line, "# pass ") {
            return Some(Self {
                ran: passed,
                failed: 0,
            });
        }
        if let Some(failed) = number(line, "# fail ") {
            return Some(Self {
                ran: failed,
                failed,
            });
        }
        if let Some(counts) = line.strip_suffix(" failed as expected") {
            // `server   1300 of 1304 passed, 3 failed as expected`: of those nobody has to be told.
            let (counts, expected) = counts.split_once(" passed, ")?;
            let (passed, all) = counts.split_once(" of ")?;
            let passed: u32 = passed.rsplit_once(' ')?.1.parse().ok()?;
            let ran = all
                .parse::<u32>()
                .ok()?
                .checked_sub(expected.parse().ok()?)?;
            let failed = ran.checked_sub(passed)?;
            return Some(Self { ran, failed });
        }
        // unittest says in two lines how many there were and how many of them failed.
        let ran = line
            .strip_prefix("Ran ")
            .and_then(|rest| rest.split_once(" in "));
        if let Some((ran, _)) = ran {
            let ran = ran.split(' ').next()?.parse().ok()?;
            return Some(Self { ran, failed: 0 });
        }
        if line == "OK" || line.starts_with("OK (") {
            return Some(Self::default());
        }
        let failures = line.strip_prefix("FAILED (")?;
        let failed = after(failures, "failures=") + after(failures, "errors=");
        Some(Self { ran: 0, failed })
    }

    /// How many went well.
    pub(super) fn passed(&self) -> u32 {
        self.ran.saturating_sub(self.failed)
    }
}

impl AddAssign for Closing {
    fn add_assign(&mut self, other: Self) {
        self.ran += other.ran;
        self.failed += other.failed;
    }
}

fn number(line: &str, words: &str) -> Option<u32> {
    line.strip_prefix(words)?.parse().ok()
}

fn before(line: &str, word: &str) -> u32 {
    let number = line
        .split(word)
        .next()
        .filter(|text| text.len() < line.len());
    let digits = number.and_then(|text| text.rsplit(' ').next());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

fn after(line: &str, word: &str) -> u32 {
    let number = line.split(word).nth(1);
    let digits = number.and_then(|text| text.split([',', ')']).next());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_runners_close_with_is_read() {
        let closing = |ran, failed| Some(Closing { ran, failed });
        for (line, found) in [
            (
                "test result: FAILED. 3 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out",
                closing(5, 2),
            ),
            ("Ran 14 tests in 0.812s", closing(14, 0)),
            ("Ran 1 test in 0.001s", closing(1, 0)),
            ("OK", closing(0, 0)),
            ("OK (skipped=1)", closing(0, 0)),
            ("FAILED (failures=1, errors=2)", closing(0, 3)),
            ("# pass 12", closing(12, 0)),
            ("# fail 3", closing(3, 3)),
            ("# pass it on", None),
            (
                "server   1300 of 1304 passed, 3 failed as expected",
                closing(1301, 1),
            ),
            ("1300 passed, 1 failed", None),
            ("test greets_by_name ... ok", None),
            ("Ran out of patience in a moment", None),
            ("FAILED", None),
        ] {
            assert_eq!(Closing::read(line), found, "{line}");
        }
    }
}
