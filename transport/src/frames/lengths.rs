/// How long each message of a native gRPC body is, as its bytes pass by in pieces of any size.
#[derive(Debug, Default)]
pub struct Lengths {
    /// Bytes of the prefix that have passed: its flag, then its length.
    prefix: u8,
    length: u32,
    /// Bytes of the message that have not passed.
    left: u32,
}

impl Lengths {
    /// At the beginning of a body.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks at the next bytes, and says of each message that ends in them how long it is, its
    /// prefix of five bytes included.
    pub fn pass(&mut self, mut bytes: &[u8], mut each: impl FnMut(u64)) {
        loop {
            while self.prefix < 5 {
                let Some((byte, rest)) = bytes.split_first() else {
                    return;
                };
                if self.prefix > 0 {
                    self.length = self.length << 8 | u32::from(*byte);
                }
                self.prefix += 1;
                self.left = self.length;
                bytes = rest;
            }
            let here = bytes.len().min(self.left as usize);
            bytes = &bytes[here..];
            // `here` is at most `left`.
            self.left -= u32::try_from(here).unwrap_or(self.left);
            if self.left > 0 {
                return;
            }
            each(u64::from(self.length) + 5);
            *self = Self::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_message_is_counted_when_it_ends_wherever_it_is_cut() {
        let body = [
            &b"\0\0\0\0\x03abc"[..],
            b"\0\0\0\0\0",
            &[&[1, 0, 0, 1, 4][..], &[7; 260]].concat(),
            b"\0\0\0\0\x02x",
        ]
        .concat();
        for at in 0..=body.len() {
            let (mut lengths, mut found) = (Lengths::new(), Vec::new());
            lengths.pass(&body[..at], |length| found.push(length));
            lengths.pass(&body[at..], |length| found.push(length));
            assert_eq!(found, [8, 5, 265], "cut at {at}");
        }
    }
}
