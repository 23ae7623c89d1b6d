//! The JavaScript that wasm-bindgen generates. `web/strip_glue.awk` removes its comments and indentation
//! while trunk builds, or leaves the script unchanged.

/// Whether `script` has neither comment lines nor indentation.
pub(super) fn is_stripped(script: &str) -> bool {
    let is_code = |line: &str| !line.is_empty() && !line.starts_with([' ', '\t']);
    let is_comment = |line: &str| line.starts_with("//") || line.starts_with("/*");
    script
        .lines()
        .all(|line| is_code(line) && !is_comment(line))
}

#[cfg(test)]
mod tests {
    use std::{
        io::Write as _,
        process::{Command, Stdio},
    };

    use super::*;
    use crate::paths;

    /// The stripped script, or `None` if it is to stay unchanged.
    fn strip(script: &str) -> Option<String> {
        let mut awk = Command::new("awk")
            .arg("-f")
            .arg(paths::root().join("web/strip_glue.awk"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("start awk");
        let mut stdin = awk.stdin.take().expect("a pipe");
        stdin.write_all(script.as_bytes()).expect("write to awk");
        drop(stdin);
        let output = awk.wait_with_output().expect("awk's output");
        let stripped = String::from_utf8(output.stdout).expect("UTF-8");
        output.status.success().then_some(stripped)
    }

    #[test]
    fn comments_and_indentation_are_removed() {
        let script = "/* all */\n/**\n * @param {`any`} a\n * // b\n */\nf(a) {\n    // why\n\n    \
                      return `${a}` + \"/* no */ // no\"; // stays\n}\n";
        let stripped = "f(a) {\nreturn `${a}` + \"/* no */ // no\"; // stays\n}\n";
        assert!(!is_stripped(script));
        assert_eq!(strip(script).as_deref(), Some(stripped));
        assert!(is_stripped(stripped));
    }

    #[test]
    fn a_script_that_cannot_be_read_line_by_line_stays_unchanged() {
        for script in [
            "const text = `\n  // a line of it\n`;\n",
            "const text = \"a\\\n  b\";\n",
            "/* a */ f();\n",
            "/*\n a */ f();\n",
        ] {
            assert_eq!(strip(script), None, "{script}");
        }
    }
}
