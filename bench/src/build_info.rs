//! The commit that the measured binary was built from.

use std::{
    fmt::{self, Display, Formatter},
    process::Command,
};

use crate::{Result, server_process::binary};

/// Collected before the measurements, during which new commits may be made.
pub(crate) struct BuildInfo {
    /// The commit that the binary reports.
    built: String,
    /// The commit of the checkout; `None` outside of one.
    checked_out: Option<String>,
    /// Whether the checkout has uncommitted changes, which the binary may contain.
    dirty: bool,
}

impl BuildInfo {
    pub(crate) fn collect() -> Result<Self> {
        let output = Command::new(binary()?).arg("--version").output()?;
        let version = String::from_utf8_lossy(&output.stdout).into_owned();
        let built =
            parse_commit(&version).ok_or(format!("the binary reports no commit: {version}"))?;
        // The measurements themselves change the report.
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
            dirty: git(&changes).is_some_and(|changes| !changes.is_empty()),
        })
    }
}

impl Display for BuildInfo {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "commit {}", self.built)?;
        match &self.checked_out {
            Some(commit) if !commit.starts_with(&self.built) => {
                let commit = commit.get(..self.built.len()).unwrap_or(commit);
                write!(f, " (**not** {commit}, which is checked out)")
            }
            Some(_) if self.dirty => write!(f, " with uncommitted changes"),
            _ => Ok(()),
        }
    }
}

/// Parses `c346ddb4e87c` in `frontdesk 0.1.0 (c346ddb4e87c)`.
fn parse_commit(version: &str) -> Option<&str> {
    let (_, rest) = version.split_once('(')?;
    rest.split_once(')').map(|(commit, _)| commit)
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_binarys_commit_and_its_differences_are_reported() {
        assert_eq!(
            parse_commit("frontdesk 0.1.0 (c346ddb4e87c)\n"),
            Some("c346ddb4e87c")
        );
        assert_eq!(parse_commit("frontdesk 0.1.0"), None);
        let source = |checked_out: Option<&str>, dirty| {
            let source = BuildInfo {
                built: "c346ddb4e87c".to_owned(),
                checked_out: checked_out.map(str::to_owned),
                dirty,
            };
            source.to_string()
        };
        let built = "commit c346ddb4e87c";
        let same = Some("c346ddb4e87cb15e17b39adfe2a985ffa1b47d23");
        assert_eq!(source(None, false), built);
        assert_eq!(source(same, false), built);
        let dirty = format!("{built} with uncommitted changes");
        assert_eq!(source(same, true), dirty);
        let other = Some("f3626cb5e87cb15e17b39adfe2a985ffa1b47d23");
        let differs = format!("{built} (**not** f3626cb5e87c, which is checked out)");
        assert_eq!(source(other, true), differs);
    }
}
