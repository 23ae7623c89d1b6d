//! The rows of consecutive ids, as one text.

use std::{borrow::Cow, ops::Range};

use memchr::{memchr, memchr_iter, memchr2};

/// How many bytes a block takes before another one begins. Allocators have a class for this size: of
/// one for any number of users up to a fifth would be left over.
const SIZE: usize = 16 * 1024;

/// How many ids without a user in a row cost less than a block of its own behind them.
const GAP: u32 = 128;

/// For each id, in order, `\n`, and where there is a user its folded name, `\t` and its folded email.
/// Ids are found by counting line feeds: a table of offsets would cost as much as it saves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    text: String,
    /// How many lines there are: the last one has a user.
    lines: u32,
}

impl Block {
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines == 0
    }

    /// Whether there is place for a row; else it wants a block of its own.
    pub(crate) fn takes(&self, slot: u32, name: &str, email: &str) -> bool {
        let gap = slot.checked_sub(self.lines);
        gap.is_none_or(|gap| gap < GAP && self.text.len() + gap as usize + row(name, email) <= SIZE)
    }

    /// Puts a row in the place of what the slot had.
    pub(crate) fn set(&mut self, slot: u32, name: &str, email: &str) {
        let (name, email) = (field(name), field(email));
        if slot < self.lines {
            let range = self.line(slot);
            let row = format!("{name}\t{email}");
            // As much as it needs: a block is edited rarely, and lies there for long.
            let more = row.len().saturating_sub(range.len());
            self.text.reserve_exact(more);
            self.text.replace_range(range, &row);
            return;
        }
        let gap = slot - self.lines;
        self.grow(gap as usize + row(&name, &email));
        self.text.extend((0..=gap).map(|_| '\n'));
        self.text.push_str(&name);
        self.text.push('\t');
        self.text.push_str(&email);
        self.lines = slot + 1;
    }

    /// Leaves nothing in a slot.
    pub(crate) fn clear(&mut self, slot: u32) {
        if slot < self.lines {
            let range = self.line(slot);
            self.text.replace_range(range, "");
            self.trim();
        }
    }

    /// The second half of a block that has become too large, with the slot that it begins at.
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

    /// Gives back room for rows that don't come any more.
    pub(crate) fn shrink(&mut self) {
        if self.has_room() {
            // A copy: there are allocators that leave what they are to shrink as it is.
            self.text = self.text.as_str().to_owned();
        }
    }

    /// Whether there is more room than edits leave.
    pub(crate) fn has_room(&self) -> bool {
        self.text.capacity() - self.text.len() > SIZE / 32
    }

    /// Where the line of a slot lies, without its `\n`.
    fn line(&self, slot: u32) -> Range<usize> {
        let bytes = self.text.as_bytes();
        let start = memchr_iter(b'\n', bytes)
            .nth(slot as usize)
            .map_or(bytes.len(), |feed| feed + 1);
        let rest = &bytes[start..];
        start..start + memchr(b'\n', rest).unwrap_or(rest.len())
    }

    /// Lets the last line be one that has a user.
    fn trim(&mut self) {
        while self.text.ends_with('\n') {
            self.text.pop();
            self.lines -= 1;
        }
    }

    /// Room for a row at the end: twice as much as before, up to what a block has.
    fn grow(&mut self, row: usize) {
        let len = self.text.len();
        if self.text.capacity() - len < row {
            let more = len.min(SIZE.saturating_sub(len));
            self.text.reserve_exact(row.max(more));
        }
    }
}

/// How many bytes a row takes.
fn row(name: &str, email: &str) -> usize {
    name.len() + email.len() + 2
}

/// A fold has no separators. Were there one all the same, each id behind it would be another's.
fn field(text: &str) -> Cow<'_, str> {
    match memchr2(b'\n', b'\t', text.as_bytes()) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.replace(['\n', '\t'], " ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_lies_behind_as_many_line_feeds_as_its_slot_says() {
        let mut block = Block::default();
        block.set(2, "ada", "a@x");
        assert_eq!(block.text(), "\n\n\nada\ta@x");
        block.set(0, "bo", "b@x");
        block.set(2, "adah", "");
        assert_eq!(block.text(), "\nbo\tb@x\n\nadah\t");
    }

    #[test]
    fn what_is_cleared_at_the_end_takes_the_empty_lines_before_it_along() {
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
    fn separators_in_a_field_are_spaces() {
        let mut block = Block::default();
        block.set(0, "a\nb", "c\td");
        assert_eq!(block.text(), "\na b\tc d");
    }

    #[test]
    fn a_block_is_filled_up_to_its_size() {
        let mut block = Block::default();
        let mut slot = 0;
        while block.takes(slot, "ada lovelace", "ada@example.com") {
            block.set(slot, "ada lovelace", "ada@example.com");
            slot += 1;
        }
        assert_eq!(slot, 564);
        assert_eq!(block.text.capacity(), SIZE);
        assert!(block.takes(7, "ada", "a@x") && !block.has_room());
    }

    #[test]
    fn a_wide_gap_and_a_long_row_want_another_block() {
        let mut block = Block::default();
        assert!(block.takes(GAP - 1, "ada", "a@x") && !block.takes(GAP, "ada", "a@x"));
        block.set(0, &"a".repeat(SIZE - 20), "a@x");
        assert!(block.takes(1, "ada", "a@x") && !block.takes(1, "adah lovelace", "a@x"));
    }

    #[test]
    fn a_block_that_has_become_too_large_is_two() {
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
