use std::{
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

use crate::{compress, html, wasm};

/// Writes every file of `dist` to `out` in all its encodings, and the Rust source `page.rs` that
/// includes them: a table `FILES` and the constant `SCRIPT_HASHES`.
///
/// # Errors
///
/// If a file cannot be read, written or parsed.
pub fn write_table(dist: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let mut files = Vec::new();
    collect(dist, &mut files)?;
    files.sort();

    let mut script_hashes = String::new();
    let mut table = String::from("pub(super) const FILES: &[File] = &[\n");
    for (number, path) in files.iter().enumerate() {
        let mut content = fs::read(path)?;
        let name = path
            .strip_prefix(dist)?
            .to_str()
            .ok_or("a file name is not UTF-8")?
            .replace('\\', "/");
        if path.extension().is_some_and(|it| it == "wasm") {
            content = wasm::remove_custom_sections(&content)
                .ok_or_else(|| format!("{name} is not valid WebAssembly"))?;
        }
        if name == "index.html" {
            script_hashes = html::inline_script_hashes(str::from_utf8(&content)?);
        }
        let include = |suffix: &str, bytes: &[u8]| -> Result<String, Box<dyn Error>> {
            let file = out.join(format!("page-{number}{suffix}"));
            fs::write(&file, bytes)?;
            Ok(format!("include_bytes!({:?})", file.display().to_string()))
        };
        // An encoding that does not make the file smaller is left out.
        let include_smaller = |suffix, compressed: Vec<u8>| -> Result<String, Box<dyn Error>> {
            if compressed.len() >= content.len() {
                return Ok("None".into());
            }
            Ok(format!("Some({})", include(suffix, &compressed)?))
        };
        writeln!(
            table,
            "    File {{ path: {:?}, content_type: {:?}, hashed: {}, etag: {:?}, plain: {}, brotli: {}, gzip: {} }},",
            format!("/{name}"),
            content_type(&name),
            has_hash(&name),
            etag(&content),
            include("", &content)?,
            include_smaller(".br", compress::brotli(&content)?)?,
            include_smaller(".gz", compress::gzip(&content)?)?,
        )?;
    }
    table.push_str("];\n");
    writeln!(
        table,
        "/// Allows the page's inline scripts, as a part of `script-src`.\n\
         pub(super) const SCRIPT_HASHES: &str = {script_hashes:?};"
    )?;
    fs::write(out.join("page.rs"), table)?;
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn etag(content: &[u8]) -> String {
    Sha256::digest(content)[..8]
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// Whether trunk has put a hash of the content into the name: `app-0123456789abcdef.css`,
/// `app-0123456789abcdef_bg.wasm`.
fn has_hash(name: &str) -> bool {
    name.split(['-', '.', '_'])
        .any(|part| part.len() >= 15 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_hash_are_recognized() {
        assert!(has_hash("app-0123456789abcdef.css"));
        assert!(has_hash("app-0123456789abcdef_bg.wasm"));
        assert!(!has_hash("index.html"));
    }
}
