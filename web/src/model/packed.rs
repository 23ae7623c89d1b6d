//! People in little room.
//!
//! A million people as a million structs would be three million allocations. Here they are their
//! ids, one text for all of them, and where each piece ends in it.

/// People in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub struct Packed {
    ids: Vec<i32>,
    text: String,
    /// Where the name ends and where the email ends. All of the text is far shorter than 4 GiB:
    /// the server takes names of 200 characters and addresses of 254 bytes.
    ends: Vec<[u32; 2]>,
}

impl Packed {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Adds a person.
    pub fn push(&mut self, id: i32, name: &str, email: &str) {
        self.text.push_str(name);
        let name_end = self.end();
        self.text.push_str(email);
        self.ids.push(id);
        self.ends.push([name_end, self.end()]);
    }

    /// The id, name and email of the person at `row`, counted from 0.
    ///
    /// # Panics
    ///
    /// Where there is none.
    #[must_use]
    pub fn row(&self, row: usize) -> (i32, &str, &str) {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before][1]);
        let [name_end, email_end] = self.ends[row];
        let part = |from: u32, to: u32| {
            self.text
                .get(from as usize..to as usize)
                .unwrap_or_default()
        };
        (
            self.ids[row],
            part(start, name_end),
            part(name_end, email_end),
        )
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (i32, &str, &str)> {
        (0..self.len()).map(|row| self.row(row))
    }

    /// Lets go of everybody, and keeps the room for others.
    pub fn clear(&mut self) {
        self.ids.clear();
        self.text.clear();
        self.ends.clear();
    }

    /// Makes room for exactly so many, but for their text.
    pub(super) fn reserve(&mut self, people: usize) {
        self.ids.reserve_exact(people);
        self.ends.reserve_exact(people);
    }

    /// Makes room for so many bytes of text.
    pub(super) fn reserve_text(&mut self, bytes: usize) {
        self.text.reserve(bytes);
    }

    /// Gives back the room that the text does not take.
    pub(super) fn shrink_text(&mut self) {
        self.text.shrink_to_fit();
    }

    /// How many bytes of text there are.
    pub(super) fn text_len(&self) -> usize {
        self.text.len()
    }

    #[cfg(test)]
    pub(super) fn text_capacity(&self) -> usize {
        self.text.capacity()
    }

    fn end(&self) -> u32 {
        u32::try_from(self.text.len()).unwrap_or(u32::MAX)
    }
}
