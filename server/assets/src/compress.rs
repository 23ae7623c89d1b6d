use std::io::{self, Write as _};

pub(crate) fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut settings = brotli::enc::BrotliEncoderParams {
        quality: 11,
        // Blocks of 128 KiB: WebAssembly varies along the file, and tables for each block make it
        // 1 % smaller.
        lgblock: 17,
        size_hint: content.len(),
        ..Default::default()
    };
    // Repetitions in code are close to each other.
    settings.dist.num_direct_distance_codes = 8;
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &settings)?;
    Ok(compressed)
}

pub(crate) fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(content)?;
    writer.finish()
}
