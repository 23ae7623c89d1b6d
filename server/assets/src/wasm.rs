/// Removes the custom sections (WebAssembly core specification, section 5.5.3): names of functions
/// and tools, which browsers do not use. `None` if `wasm` is not valid.
pub(crate) fn remove_custom_sections(wasm: &[u8]) -> Option<Vec<u8>> {
    let (header, mut rest) = wasm.split_at_checked(8)?;
    let mut stripped = header.to_vec();
    while let [id, after @ ..] = rest {
        let (length, digits) = leb128(after)?;
        let (section, next) = rest.split_at_checked(1 + digits + length)?;
        if *id != 0 {
            stripped.extend_from_slice(section);
        }
        rest = next;
    }
    Some(stripped)
}

/// Decodes an unsigned LEB128 number; returns it with its length in bytes.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_sections_stay() {
        let header = b"\0asm\x01\0\0\0";
        let wasm = [&header[..], &[0, 2, 1, b'x'], &[1, 1, 0], &[0, 0]].concat();
        let stripped = [&header[..], &[1, 1, 0]].concat();
        assert_eq!(remove_custom_sections(&wasm), Some(stripped));
    }

    #[test]
    fn a_truncated_section_is_invalid() {
        assert_eq!(remove_custom_sections(b"\0asm\x01\0\0\0\x01\x05\0"), None);
        assert_eq!(remove_custom_sections(b"\0asm"), None);
    }

    #[test]
    fn leb128_numbers_are_decoded() {
        assert_eq!(leb128(&[0xe5, 0x8e, 0x26, 7]), Some((624_485, 3)));
        assert_eq!(leb128(&[0x80]), None);
    }
}
