//! The searchable texts of all users.

use std::sync::Arc;

use crate::block::Block;

/// The folded name and email address of each user, by id.
///
/// Cloning is shallow: a clone costs a reference count and does not change. The first change of a
/// block that a clone shares copies that block (16 KiB) and the list of blocks (16 bytes each).
#[derive(Clone, Debug, Default)]
pub struct TextIndex {
    /// The blocks that have a user, by the id of their first line. A `Vec`: every search iterates
    /// over it, and insertions in the middle are rare.
    blocks: Arc<Vec<(u32, Arc<Block>)>>,
}

impl TextIndex {
    /// An index without users.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the [`fold`]ed name and email address of a user. Fastest for ascending ids, which append
    /// to the last block.
    ///
    /// [`fold`]: frontdesk_directory::text::fold
    pub fn set(&mut self, id: u32, name: &str, email: &str) {
        let candidate = self.block_of(id);
        let blocks = Arc::make_mut(&mut self.blocks);
        let candidate = candidate.filter(|&index| {
            let (first_id, block) = &blocks[index];
            block.has_space_for(id - first_id, name, email)
        });
        let index = candidate.unwrap_or_else(|| {
            let index = blocks.partition_point(|(first_id, _)| *first_id < id);
            if let Some((_, full)) = index.checked_sub(1).and_then(|last| blocks.get_mut(last))
                && full.has_spare_capacity()
            {
                Arc::make_mut(full).shrink();
            }
            blocks.insert(index, (id, Arc::default()));
            index
        });
        let (first_id, block) = &mut blocks[index];
        let first_id = *first_id;
        let block = Arc::make_mut(block);
        block.set(id - first_id, name, email);
        if let Some((slot, half)) = block.split() {
            blocks.insert(index + 1, (first_id + slot, Arc::new(half)));
        }
    }

    /// Removes a user.
    pub fn remove(&mut self, id: u32) {
        let Some(index) = self.block_of(id) else {
            return;
        };
        let blocks = Arc::make_mut(&mut self.blocks);
        let (first_id, block) = &mut blocks[index];
        let block = Arc::make_mut(block);
        block.clear(id - *first_id);
        if block.is_empty() {
            blocks.remove(index);
        }
    }

    /// The id of the first line and the text of each block, ascending.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (u32, &str)> {
        self.blocks_of_part(0, 1)
    }

    /// The blocks of one of `parts` parts of about the same size, numbered from 0.
    pub(crate) fn blocks_of_part(
        &self,
        part: usize,
        parts: usize,
    ) -> impl Iterator<Item = (u32, &str)> {
        let len = self.blocks.len();
        let start = |part: usize| (len * part / parts.max(1)).min(len);
        self.blocks[start(part)..start(part + 1)]
            .iter()
            .map(|(first_id, block)| (*first_id, block.text()))
    }

    /// The index of the block that contains the line of `id`, if any block does.
    fn block_of(&self, id: u32) -> Option<usize> {
        self.blocks
            .partition_point(|(first_id, _)| *first_id <= id)
            .checked_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(texts: &TextIndex) -> Vec<(u32, String)> {
        texts
            .blocks()
            .map(|(id, text)| (id, text.to_owned()))
            .collect()
    }

    #[test]
    fn a_clone_does_not_change() {
        let mut texts = TextIndex::new();
        texts.set(1, "ada", "a@x");
        let before = texts.clone();
        texts.set(1, "bo", "b@x");
        texts.set(5000, "cy", "c@x");
        assert_eq!(blocks(&before), [(1, "\nada\ta@x".to_owned())]);
        assert_eq!(blocks(&texts).len(), 2);
    }

    #[test]
    fn ids_can_be_sparse_and_set_in_any_order() {
        let mut texts = TextIndex::new();
        for id in [2_147_483_647, 3, 1_000_000] {
            texts.set(id, "ada", "a@x");
        }
        let first_ids: Vec<u32> = texts.blocks().map(|(first_id, _)| first_id).collect();
        assert_eq!(first_ids, [3, 1_000_000, 2_147_483_647]);
        assert_eq!(texts.block_of(1_000_000), Some(1));
    }

    #[test]
    fn a_block_is_removed_with_its_last_user() {
        let mut texts = TextIndex::new();
        texts.set(5000, "ada", "a@x");
        texts.remove(4999);
        texts.remove(9);
        texts.remove(5000);
        assert!(blocks(&texts).is_empty());
    }
}
