//! The rows of 1,024 consecutive ids, as one text.

use std::{borrow::Cow, ops::Range};

use memchr::{memchr, memchr_iter, memchr2};

use crate::BLOCK;

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

    /// Puts a row in the place of what the slot had.
    pub(crate) fn set(&mut self, slot: u32, name: &str, email: &str) {
        debug_assert!(slot < BLOCK, "a slot of this block");
        let (name, email) = (field(name), field(email));
        if slot < self.lines {
            let range = self.line(slot);
            let row = format!("{name}\t{email}");
            // As much as it needs: a block is edited rarely, and lies there for long.
            self.text
                .reserve_exact(row.len().saturating_sub(range.len()));
            self.text.replace_range(range, &row);
            return;
        }
        let feeds = slot + 1 - self.lines;
        self.grow(feeds as usize + name.len() + 1 + email.len());
        self.text.extend((0..feeds).map(|_| '\n'));
        self.text.push_str(&name);
        self.text.push('\t');
        self.text.push_str(&email);
        self.lines = slot + 1;
        if self.lines == BLOCK {
            self.shrink();
        }
    }

    /// Leaves nothing in a slot.
    pub(crate) fn clear(&mut self, slot: u32) {
        if slot >= self.lines {
            return;
        }
        let range = self.line(slot);
        self.text.replace_range(range, "");
        if slot + 1 == self.lines {
            let rest = self.text.trim_end_matches('\n').len();
            self.lines -= u32::try_from(self.text.len() - rest).unwrap_or(BLOCK);
            self.text.truncate(rest);
        }
    }

    /// Gives back room for rows that don't come any more.
    pub(crate) fn shrink(&mut self) {
        self.text.shrink_to_fit();
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

    /// Room for rows at the end, by a quarter at a time: few moves, and little that is never used.
    fn grow(&mut self, bytes: usize) {
        if self.text.capacity() - self.text.len() < bytes {
            self.text.reserve_exact(bytes.max(self.text.len() / 4));
        }
    }
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
    fn a_full_block_has_no_room_left_over() {
        let mut block = Block::default();
        for slot in 0..BLOCK {
            block.set(slot, "ada lovelace", "ada@example.com");
        }
        assert_eq!(block.text.capacity(), block.text.len());
    }
}
