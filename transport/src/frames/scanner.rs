/// The length of a frame's prefix: the flag byte and the payload length.
pub const PREFIX_BYTES: usize = 5;

/// Finds the boundaries of length-prefixed frames (grpc/doc/PROTOCOL-HTTP2.md,
/// "Length-Prefixed-Message") in a byte stream that arrives in chunks of any size.
///
/// It looks at prefixes only: payloads are skipped, and any flag is accepted.
#[derive(Debug, Default)]
pub struct FrameScanner {
    /// The prefix of the current frame, as far as it has arrived.
    prefix: [u8; PREFIX_BYTES],
    prefix_len: usize,
    /// Bytes of the payload that have not arrived.
    remaining: usize,
}

/// What [`FrameScanner::advance`] has consumed, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scanned {
    /// Bytes of the prefix.
    pub prefix: usize,
    /// Bytes of the payload.
    pub payload: usize,
}

impl Scanned {
    /// Bytes in total.
    #[must_use]
    pub fn total(self) -> usize {
        self.prefix + self.payload
    }
}

impl FrameScanner {
    /// A scanner at the beginning of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the stream may end here, and the next byte begins a frame.
    #[must_use]
    pub fn is_at_boundary(&self) -> bool {
        self.prefix_len == 0 || self.is_complete()
    }

    /// Whether the current frame has arrived completely; `false` before the first frame.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.prefix_len == PREFIX_BYTES && self.remaining == 0
    }

    /// The flag byte of the current frame; 0 before the first frame.
    #[must_use]
    pub fn flag(&self) -> u8 {
        self.prefix[0]
    }

    /// The payload length of the current frame in bytes, once the whole prefix has arrived.
    #[must_use]
    pub fn payload_len(&self) -> Option<u32> {
        let [_, length @ ..] = self.prefix;
        (self.prefix_len == PREFIX_BYTES).then(|| u32::from_be_bytes(length))
    }

    /// Consumes bytes from the front of `bytes`, at most to the end of the current frame. At a
    /// boundary it begins the next frame.
    pub fn advance(&mut self, bytes: &[u8]) -> Scanned {
        if self.is_complete() {
            self.prefix_len = 0;
        }
        let prefix = bytes.len().min(PREFIX_BYTES - self.prefix_len);
        if prefix > 0 {
            self.prefix[self.prefix_len..self.prefix_len + prefix]
                .copy_from_slice(&bytes[..prefix]);
            self.prefix_len += prefix;
            if let Some(length) = self.payload_len() {
                self.remaining = usize::try_from(length).unwrap_or(usize::MAX);
            }
        }
        let payload = (bytes.len() - prefix).min(self.remaining);
        self.remaining -= payload;
        Scanned { prefix, payload }
    }

    /// Consumes all of `bytes` and counts the frames that begin in them.
    pub fn count_starts(&mut self, mut bytes: &[u8]) -> usize {
        let mut starts = 0;
        while !bytes.is_empty() {
            starts += usize::from(self.is_at_boundary());
            bytes = &bytes[self.advance(bytes).total()..];
        }
        starts
    }

    /// Consumes all of `bytes` and reports the length of every frame that ends in them, in bytes and
    /// with its prefix.
    pub fn scan(&mut self, mut bytes: &[u8], mut on_frame_end: impl FnMut(u64)) {
        while !bytes.is_empty() {
            let scanned = self.advance(bytes);
            bytes = &bytes[scanned.total()..];
            if let Some(length) = self.payload_len()
                && self.is_complete()
            {
                on_frame_end(u64::from(length) + PREFIX_BYTES as u64);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_frame_is_reported_when_it_ends_wherever_the_stream_is_cut() {
        let body = [
            &b"\0\0\0\0\x03abc"[..],
            b"\0\0\0\0\0",
            &[&[1, 0, 0, 1, 4][..], &[7; 260]].concat(),
            b"\0\0\0\0\x02x",
        ]
        .concat();
        for at in 0..=body.len() {
            let (mut scanner, mut lengths) = (FrameScanner::new(), Vec::new());
            scanner.scan(&body[..at], |length| lengths.push(length));
            scanner.scan(&body[at..], |length| lengths.push(length));
            assert_eq!(lengths, [8, 5, 265], "cut at {at}");
        }
    }

    #[test]
    fn a_frame_is_counted_when_it_begins() {
        let mut scanner = FrameScanner::new();
        let starts = [&b"\0\0\0\0\x01x\x01\0"[..], b"\0\0\0", b"\0"]
            .map(|chunk| scanner.count_starts(chunk));
        assert_eq!(starts, [2, 0, 1]);
    }

    #[test]
    fn advance_stops_at_the_end_of_each_frame() {
        let body = b"\0\0\0\0\x01x\x01\0\0\0\0\x80";
        let mut scanner = FrameScanner::new();
        assert!(scanner.is_at_boundary() && !scanner.is_complete());
        let (mut at, mut flags) = (0, Vec::new());
        while at < body.len() {
            at += scanner.advance(&body[at..]).total();
            flags.push((scanner.flag(), scanner.is_complete(), at));
        }
        assert_eq!(flags, [(0, true, 6), (1, true, 11), (0x80, false, 12)]);
    }
}
