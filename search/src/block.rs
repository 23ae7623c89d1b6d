//! The lines of consecutive ids, as one text.

use std::{borrow::Cow, ops::Range};

use memchr::{memchr, memchr_iter, memchr2};

/// The size in bytes that a block grows to before the next one starts. Allocators have a size class
/// for it; for other sizes they would waste up to a fifth.
const SIZE: usize = 16 * 1024;

/// The number of consecutive ids without a user from which a new block takes less memory than the
/// empty lines.
const GAP: u32 = 128;

/// The lines of consecutive ids, see [`SearchTerm::scan`]: a `\n` for each id, followed by the folded
/// name, `\t` and the folded email address if there is a user.
///
/// Ids are found by counting line feeds: a table of offsets would cost as much as it saves.
///
/// [`SearchTerm::scan`]: frontdesk_directory::text::SearchTerm::scan
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    text: String,
    /// The number of lines. The last line is not empty.
    lines: u32,
}

impl Block {
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines == 0
    }

    /// Whether a line fits into this block. Otherwise it starts a new one.
    pub(crate) fn has_space_for(&self, slot: u32, name: &str, email: &str) -> bool {
        let gap = slot.checked_sub(self.lines);
        gap.is_none_or(|gap| {
            gap < GAP && self.text.len() + gap as usize + line_len(name, email) <= SIZE
        })
    }

    /// Replaces the line of a slot.
    pub(crate) fn set(&mut self, slot: u32, name: &str, email: &str) {
        let (name, email) = (without_separators(name), without_separators(email));
        if slot < self.lines {
            let range = self.line(slot);
            let line = format!("{name}\t{email}");
            // Exact: a block is edited rarely and lives long.
            let growth = line.len().saturating_sub(range.len());
            self.text.reserve_exact(growth);
            self.text.replace_range(range, &line);
            return;
        }
        let gap = slot - self.lines;
        self.reserve(gap as usize + line_len(&name, &email));
        self.text.extend((0..=gap).map(|_| '\n'));
        self.text.push_str(&name);
        self.text.push('\t');
        self.text.push_str(&email);
        self.lines = slot + 1;
    }

    /// Removes the user of a slot.
    pub(crate) fn clear(&mut self, slot: u32) {
        if slot < self.lines {
            let range = self.line(slot);
            self.text.replace_range(range, "");
            self.trim();
        }
    }

    /// Splits off the second half if the block has become too large. Returns its first slot, too.
    pub(crate) fn split(&mut self) -> Option<(u32, Self)> {
        if self.text.len() <= 2 * SIZE || self.lines < 2 {
            return None;
        }
        let slot = self.lines / 2;
        let start = self.line(slot).start;
        let half = Self {
            text: self.text[start - 1..].to_owned(),
            lines: self.lines - slot,
        };
        self.text.truncate(start - 1);
        self.lines = slot;
        self.trim();
        self.shrink();
        Some((slot, half))
    }

    /// Releases the capacity for further lines.
    pub(crate) fn shrink(&mut self) {
        if self.has_spare_capacity() {
            // A copy: some allocators do not shrink in place.
            self.text = self.text.as_str().to_owned();
        }
    }

    /// Whether there is more spare capacity than edits leave.
    pub(crate) fn has_spare_capacity(&self) -> bool {
        self.text.capacity() - self.text.len() > SIZE / 32
    }

    /// The byte range of a slot's line, without its `\n`.
    fn line(&self, slot: u32) -> Range<usize> {
        let bytes = self.text.as_bytes();
        let start = memchr_iter(b'\n', bytes)
            .nth(slot as usize)
            .map_or(bytes.len(), |feed| feed + 1);
        let rest = &bytes[start..];
        start..start + memchr(b'\n', rest).unwrap_or(rest.len())
    }

    /// Removes empty lines at the end.
    fn trim(&mut self) {
        while self.text.ends_with('\n') {
            self.text.pop();
            self.lines -= 1;
        }
    }

    /// Reserves capacity at the end: doubles it, up to the size of a block.
    fn reserve(&mut self, additional: usize) {
        let len = self.text.len();
        if self.text.capacity() - len < additional {
            let growth = len.min(SIZE.saturating_sub(len));
            self.text.reserve_exact(additional.max(growth));
        }
    }
}

/// The length of a line in bytes, with its separators.
fn line_len(name: &str, email: &str) -> usize {
    name.len() + email.len() + 2
}

/// Folded texts contain no separators. If one did anyway, every id after it would be wrong.
fn without_separators(text: &str) -> Cow<'_, str> {
    match memchr2(b'\n', b'\t', text.as_bytes()) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.replace(['\n', '\t'], " ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_line_feeds_before_a_line_is_its_slot_plus_one() {
        let mut block = Block::default();
        block.set(2, "ada", "a@x");
        assert_eq!(block.text(), "\n\n\nada\ta@x");
        block.set(0, "bo", "b@x");
        block.set(2, "adah", "");
        assert_eq!(block.text(), "\nbo\tb@x\n\nadah\t");
    }

    #[test]
    fn clearing_the_last_line_removes_the_empty_lines_before_it() {
        let mut block = Block::default();
        block.set(0, "bo", "b@x");
        block.set(7, "ada", "a@x");
        block.clear(7);
        block.clear(5);
        assert_eq!(block.text(), "\nbo\tb@x");
        block.clear(0);
        assert!(block.is_empty() && block.text().is_empty());
    }

    #[test]
    fn separators_in_a_field_become_spaces() {
        let mut block = Block::default();
        block.set(0, "a\nb", "c\td");
        assert_eq!(block.text(), "\na b\tc d");
    }

    #[test]
    fn a_block_fills_up_to_its_size() {
        let mut block = Block::default();
        let mut slot = 0;
        while block.has_space_for(slot, "ada lovelace", "ada@example.com") {
            block.set(slot, "ada lovelace", "ada@example.com");
            slot += 1;
        }
        assert_eq!(slot, 564);
        assert_eq!(block.text.capacity(), SIZE);
        assert!(block.has_space_for(7, "ada", "a@x") && !block.has_spare_capacity());
    }

    #[test]
    fn a_wide_gap_or_a_long_line_starts_a_new_block() {
        let mut block = Block::default();
        assert!(
            block.has_space_for(GAP - 1, "ada", "a@x") && !block.has_space_for(GAP, "ada", "a@x")
        );
        block.set(0, &"a".repeat(SIZE - 20), "a@x");
        assert!(
            block.has_space_for(1, "ada", "a@x") && !block.has_space_for(1, "adah lovelace", "a@x")
        );
    }

    #[test]
    fn a_block_that_has_become_too_large_is_split() {
        let mut block = Block::default();
        for slot in 0..100 {
            block.set(slot, "ada", "a@x");
        }
        assert!(block.split().is_none());
        for slot in [7, 99] {
            block.set(slot, &"a".repeat(SIZE), "a@x");
        }
        block.clear(49);
        let (slot, half) = block.split().expect("two halves");
        assert_eq!((slot, block.lines, half.lines), (50, 49, 50));
        assert!(half.text().starts_with("\nada\ta@x\nada\t"));
        assert!(block.text().ends_with("\nada\ta@x"));
    }
}
