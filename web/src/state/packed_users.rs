//! Users in a compact layout: a million `User` values would need two million allocations.

/// Users in the order in which they were added: their ids, all texts concatenated, and where each
/// text ends.
#[derive(Clone, Debug, Default)]
pub struct PackedUsers {
    ids: Vec<i32>,
    text: String,
    /// The ends of each name and email in `text`, which stays far below 4 GiB: names have at most
    /// 200 characters and emails 254 bytes.
    ends: Vec<[u32; 2]>,
}

impl PackedUsers {
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    pub fn push(&mut self, id: i32, name: &str, email: &str) {
        self.text.push_str(name);
        let name_end = self.text_end();
        self.text.push_str(email);
        self.ids.push(id);
        self.ends.push([name_end, self.text_end()]);
    }

    /// The id, name and email of the user at index `row`.
    ///
    /// # Panics
    ///
    /// If the index is out of bounds.
    pub fn row(&self, row: usize) -> (i32, &str, &str) {
        let start = row
            .checked_sub(1)
            .map_or(0, |previous| self.ends[previous][1]);
        let [name_end, email_end] = self.ends[row];
        let slice = |start: u32, end: u32| {
            self.text
                .get(start as usize..end as usize)
                .unwrap_or_default()
        };
        (
            self.ids[row],
            slice(start, name_end),
            slice(name_end, email_end),
        )
    }

    pub fn iter(&self) -> impl Iterator<Item = (i32, &str, &str)> {
        (0..self.len()).map(|row| self.row(row))
    }

    /// Removes all users but keeps the allocations.
    pub fn clear(&mut self) {
        self.ids.clear();
        self.text.clear();
        self.ends.clear();
    }

    /// Reserves memory for exactly `additional` users, without their texts.
    pub(super) fn reserve(&mut self, additional: usize) {
        self.ids.reserve_exact(additional);
        self.ends.reserve_exact(additional);
    }

    pub(super) fn reserve_text(&mut self, bytes: usize) {
        self.text.reserve(bytes);
    }

    pub(super) fn shrink_text(&mut self) {
        self.text.shrink_to_fit();
    }

    pub(super) fn text_len(&self) -> usize {
        self.text.len()
    }

    #[cfg(test)]
    pub(super) fn text_capacity(&self) -> usize {
        self.text.capacity()
    }

    fn text_end(&self) -> u32 {
        u32::try_from(self.text.len()).unwrap_or(u32::MAX)
    }
}
