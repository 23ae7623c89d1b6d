//! What the measured binary is made from.

use std::{
    fmt::{self, Display, Formatter},
    process::Command,
};

use crate::{Outcome, host::binary};

/// Taken down before anything is measured: while it is, others may commit.
pub(crate) struct Source {
    /// The commit that the binary itself names.
    built: String,
    /// The commit of the checkout; nothing outside of one.
    checked_out: Option<String>,
    /// Whether something in the checkout is not committed, and may be in the binary.
    changed: bool,
}

impl Source {
    /// Asks the binary, and git.
    pub(crate) fn now() -> Outcome<Self> {
        let said = Command::new(binary()?).arg("--version").output()?;
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let built = commit(&said).ok_or(format!("the binary names no commit: {said}"))?;
        // The report itself is what changes by measuring.
        let report = ":(exclude)BENCHMARKS.md";
        let changes = [
            "status",
            "--porcelain",
            "--untracked-files=no",
            "--",
            ".",
            report,
        ];
        Ok(Self {
            built: built.to_owned(),
            checked_out: git(&["rev-parse", "HEAD"]),
            changed: git(&changes).is_some_and(|changes| !changes.is_empty()),
        })
    }
}

impl Display for Source {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "the binary made from commit {}", self.built)?;
        match &self.checked_out {
            Some(commit) if !commit.starts_with(&self.built) => {
                let commit = commit.get(..self.built.len()).unwrap_or(commit);
                write!(f, " (**not** {commit}, which was checked out)")
            }
            Some(_) if self.changed => write!(f, ", with changes that are not committed"),
            _ => Ok(()),
        }
    }
}

/// `c346ddb4e87c` of `frontdesk 0.1.0 (c346ddb4e87c)`.
fn commit(version: &str) -> Option<&str> {
    let (_, rest) = version.split_once('(')?;
    rest.split_once(')').map(|(commit, _)| commit)
}

fn git(arguments: &[&str]) -> Option<String> {
    let said = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8_lossy(&said.stdout).trim().to_owned();
    said.status.success().then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_binarys_own_commit_is_named_and_what_differs_from_it() {
        assert_eq!(
            commit("frontdesk 0.1.0 (c346ddb4e87c)\n"),
            Some("c346ddb4e87c")
        );
        assert_eq!(commit("frontdesk 0.1.0"), None);
        let source = |checked_out: Option<&str>, changed| {
            let source = Source {
                built: "c346ddb4e87c".to_owned(),
                checked_out: checked_out.map(str::to_owned),
                changed,
            };
            source.to_string()
        };
        let built = "the binary made from commit c346ddb4e87c";
        let same = Some("c346ddb4e87cb15e17b39adfe2a985ffa1b47d23");
        assert_eq!(source(None, false), built);
        assert_eq!(source(same, false), built);
        let changed = format!("{built}, with changes that are not committed");
        assert_eq!(source(same, true), changed);
        let other = Some("f3626cb5e87cb15e17b39adfe2a985ffa1b47d23");
        let differs = format!("{built} (**not** f3626cb5e87c, which was checked out)");
        assert_eq!(source(other, true), differs);
    }
}
