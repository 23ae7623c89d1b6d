//! The script that binds the page to the browser: what wasm-bindgen writes, without what only people
//! read. `web/strip_glue.awk` takes that off while trunk builds, or leaves the script alone.

/// Whether it was taken off.
pub(super) fn is_bare(script: &str) -> bool {
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
    use crate::places;

    /// What is left of `script`; nothing where it is to stay as it is.
    fn bared(script: &str) -> Option<String> {
        let mut awk = Command::new("awk")
            .arg("-f")
            .arg(places::root().join("web/strip_glue.awk"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("awk");
        let mut input = awk.stdin.take().expect("a pipe");
        input.write_all(script.as_bytes()).expect("short");
        drop(input);
        let output = awk.wait_with_output().expect("an end");
        let left = String::from_utf8(output.stdout).expect("text");
        output.status.success().then_some(left)
    }

    #[test]
    fn what_only_people_read_is_taken_off() {
        let script = "/* all */\n/**\n * @param {`any`} a\n * // b\n */\nf(a) {\n    // why\n\n    \
                      return `${a}` + \"/* no */ // no\"; // stays\n}\n";
        let left = "f(a) {\nreturn `${a}` + \"/* no */ // no\"; // stays\n}\n";
        assert!(!is_bare(script));
        assert_eq!(bared(script).as_deref(), Some(left));
        assert!(is_bare(left));
    }

    #[test]
    fn a_script_that_lines_alone_do_not_tell_stays_as_it_is() {
        for script in [
            "const text = `\n  // a line of it\n`;\n",
            "const text = \"a\\\n  b\";\n",
            "/* a */ f();\n",
            "/*\n a */ f();\n",
        ] {
            assert_eq!(bared(script), None, "{script}");
        }
    }
}
