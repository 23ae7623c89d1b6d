//! Builds the page into the binary: every file of `dist/`, compressed, with what a browser must be
//! told of it; and the commit that the binary is made from.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use sha2::{Digest as _, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("..");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    commit(&root);
    page(&root.join("dist"), &out)
}

/// `FRONTDESK_COMMIT`: what `--version` names; `unknown` outside a checkout.
fn commit(root: &Path) {
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .current_dir(root)
            .args(arguments)
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    };
    let commit = git(&["rev-parse", "--short=12", "HEAD"]).unwrap_or_else(|| "unknown".into());
    println!("cargo::rustc-env=FRONTDESK_COMMIT={commit}");
    // HEAD's own log is written at every commit, checkout and reset.
    if let Some(log) = git(&[
        "rev-parse",
        "--path-format=absolute",
        "--git-path",
        "logs/HEAD",
    ]) {
        println!("cargo::rerun-if-changed={log}");
    }
}

fn page(dist: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed=build.rs");

    let mut files = Vec::new();
    if dist.is_dir() {
        collect(dist, &mut files)?;
        files.sort();
    }

    let mut hashes = Vec::new();
    let mut table = String::from("pub(super) const FILES: &[File] = &[\n");
    for (number, path) in files.iter().enumerate() {
        let mut content = fs::read(path)?;
        if path
            .extension()
            .is_some_and(|extension| extension == "wasm")
        {
            content = bare_wasm(&content).ok_or("a .wasm file that is none")?;
        }
        let name = path
            .strip_prefix(dist)?
            .to_str()
            .ok_or("a file name that is not UTF-8")?;
        let name = name.replace('\\', "/");
        if name == "index.html" {
            hashes = inline_script_hashes(std::str::from_utf8(&content)?);
        }
        let hash = Sha256::digest(&content);
        let etag: String = hash[..8].iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let keep = |suffix: &str, bytes: &[u8]| -> Result<String, Box<dyn Error>> {
            let file = out.join(format!("page-{number}{suffix}"));
            fs::write(&file, bytes)?;
            Ok(format!("include_bytes!({:?})", file.display().to_string()))
        };
        let smaller =
            |compressed: Vec<u8>| (compressed.len() < content.len()).then_some(compressed);
        let brotli = smaller(brotli(&content)?)
            .map(|b| keep(".br", &b))
            .transpose()?;
        let gzip = smaller(gzip(&content)?)
            .map(|b| keep(".gz", &b))
            .transpose()?;
        let option =
            |source: Option<String>| source.map_or("None".into(), |s| format!("Some({s})"));
        writeln!(
            table,
            "    File {{ path: {:?}, content_type: {:?}, hashed: {}, etag: {etag:?}, plain: {}, brotli: {}, gzip: {} }},",
            format!("/{name}"),
            content_type(&name),
            is_hashed(&name),
            keep("", &content)?,
            option(brotli),
            option(gzip),
        )?;
    }
    table.push_str("];\n");
    writeln!(
        table,
        "/// Allows the page's inline scripts, as a part of `script-src`.\npub(super) const SCRIPT_HASHES: &str = {:?};",
        hashes.concat()
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

/// A `'sha256-…'` for every inline script (CSP level 3, section 2.3.1), each with a space before.
fn inline_script_hashes(html: &str) -> Vec<String> {
    html.split("<script")
        .skip(1)
        .filter_map(|rest| {
            let (attributes, rest) = rest.split_once('>')?;
            let (body, _) = rest.split_once("</script>")?;
            (!attributes.contains("src="))
                .then(|| format!(" 'sha256-{}'", BASE64.encode(Sha256::digest(body))))
        })
        .collect()
}

/// WebAssembly without its custom sections (core specification, section 5.5.3): names of functions and
/// of the tools that made it, which browsers have no use for, and a percent of the first visit.
fn bare_wasm(wasm: &[u8]) -> Option<Vec<u8>> {
    let (header, mut rest) = wasm.split_at_checked(8)?;
    let mut bare = header.to_vec();
    while let [id, after @ ..] = rest {
        let (length, digits) = leb128(after)?;
        let (section, next) = rest.split_at_checked(1 + digits + length)?;
        if *id != 0 {
            bare.extend_from_slice(section);
        }
        rest = next;
    }
    Some(bare)
}

/// A number in LEB128, and how many bytes it takes.
fn leb128(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut number = 0_usize;
    for (index, byte) in bytes.iter().take(5).enumerate() {
        number |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((number, index + 1));
        }
    }
    None
}

fn brotli(content: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut settings = brotli::enc::BrotliEncoderParams {
        quality: 11,
        // Blocks of 128 KiB: what stands in WebAssembly changes along the file, and tables of its own
        // for each part make it 1 % smaller.
        lgblock: 17,
        size_hint: content.len(),
        ..Default::default()
    };
    // What is repeated in code is near.
    settings.dist.num_direct_distance_codes = 8;
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &settings)?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(content)?;
    Ok(writer.finish()?)
}

/// Whether trunk has put a hash of the content into the name: `app-0123456789abcdef.css`,
/// `app-0123456789abcdef_bg.wasm`.
fn is_hashed(name: &str) -> bool {
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
