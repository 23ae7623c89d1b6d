//! Collects ascending ids in a bitmap.

use std::mem;

use roaring::RoaringBitmap;

/// The number of ids that a container of a roaring bitmap covers.
const CHUNK: usize = 1 << 16;

/// Collects ascending ids in a bitmap: `RoaringBitmap::try_push` takes several times as long, which
/// shows when a million users match.
pub(crate) struct IdCollector {
    ids: RoaringBitmap,
    /// The high 16 bits of the ids in `bits`.
    chunk: u32,
    /// A bit for each id of the chunk, the first one in the lowest bit.
    bits: Vec<u8>,
    is_empty: bool,
}

impl Default for IdCollector {
    fn default() -> Self {
        Self {
            ids: RoaringBitmap::new(),
            chunk: 0,
            bits: vec![0; CHUNK / 8],
            is_empty: true,
        }
    }
}

impl IdCollector {
    /// Adds an id that is not smaller than those added before.
    pub(crate) fn push(&mut self, id: u32) {
        if id >> 16 != self.chunk {
            self.flush();
            self.chunk = id >> 16;
        }
        self.bits[(id & 0xffff) as usize / 8] |= 1 << (id % 8);
        self.is_empty = false;
    }

    pub(crate) fn finish(mut self) -> RoaringBitmap {
        self.flush();
        self.ids
    }

    fn flush(&mut self) {
        if !mem::replace(&mut self.is_empty, true) {
            self.ids |= RoaringBitmap::from_lsb0_bytes(self.chunk << 16, &self.bits);
            self.bits.fill(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::btree_set, prelude::*};

    use super::*;

    proptest! {
        #[test]
        fn the_collected_ids_are_in_the_bitmap(
            dense in btree_set(0..200_000_u32, 0..500),
            sparse in btree_set(any::<u32>(), 0..50),
        ) {
            let ids: Vec<u32> = dense.union(&sparse).copied().collect();
            let mut collector = IdCollector::default();
            for id in &ids {
                collector.push(*id);
            }
            prop_assert!(collector.finish().iter().eq(ids));
        }
    }
}
