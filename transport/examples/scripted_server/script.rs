//! Scripts inside requests, and bytes inside scripts.

/// The text of a request's only message: after the frame prefix of five bytes, a protobuf tag and a
/// varint length.
pub(crate) fn from_frame(frame: &[u8]) -> String {
    let message = frame.get(6..).unwrap_or_default();
    let length = message.iter().take_while(|byte| **byte >= 0x80).count() + 1;
    String::from_utf8_lossy(message.get(length..).unwrap_or_default()).into_owned()
}

/// The command of a line, and its arguments.
pub(crate) fn parse_line(line: &str) -> (&str, &str) {
    line.split_once(' ').unwrap_or((line, ""))
}

pub(crate) fn parse_hex(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex
        .chars()
        .filter_map(|digit| digit.to_digit(16)?.try_into().ok())
        .collect();
    digits
        .chunks_exact(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

pub(crate) fn unknown_command(line: &str) -> std::io::Error {
    std::io::Error::other(format!("unknown command: `{line}`"))
}
