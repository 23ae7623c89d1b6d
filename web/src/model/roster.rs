//! Everybody who has been received, in little room.
//!
//! They lie in chunks of [`ROWS`]. Growing never copies what is there: a full chunk stays where it
//! is.
//!
//! A roster can be read anew while it is shown: [`Roster::begin`] starts at the first row again,
//! and each old row stays until a new one takes its place.

use super::{Packed, Person};

/// How many people lie in one chunk.
pub const ROWS: usize = 4_096;

/// People in the order in which they were received.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    chunks: Vec<Packed>,
    /// What is being filled: it takes the place of `chunks[full]` when it is.
    fresh: Packed,
    /// How many of `chunks` have been received since [`Roster::begin`].
    full: usize,
}

impl Roster {
    /// How many people there are to show.
    #[must_use]
    pub fn len(&self) -> usize {
        let old = self
            .chunks
            .last()
            .map_or(0, |last| (self.chunks.len() - 1) * ROWS + last.len());
        old.max(self.received())
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many people were received since [`Roster::begin`].
    #[must_use]
    pub fn received(&self) -> usize {
        self.full * ROWS + self.fresh.len()
    }

    /// From here on people are received from the first one again; who is there stays until then.
    pub fn begin(&mut self) {
        let mut fresh = std::mem::take(&mut self.fresh);
        if let Some(old) = self.chunks.get(self.full) {
            for row in fresh.len()..old.len() {
                let (id, name, email) = old.row(row);
                fresh.push(id, name, email);
            }
        }
        if !fresh.is_empty() {
            self.place(fresh);
        }
        self.full = 0;
    }

    /// Takes the next person.
    pub fn push(&mut self, id: i32, name: &str, email: &str) {
        if self.fresh.is_empty() {
            self.fresh.reserve(ROWS);
        }
        self.fresh.push(id, name, email);
        if self.fresh.len() == ROWS {
            let mut chunk = std::mem::take(&mut self.fresh);
            chunk.shrink_text();
            // The next chunk will be about as long as this one.
            self.fresh.reserve_text(chunk.text_len());
            self.place(chunk);
            self.full += 1;
        }
    }

    /// Takes the next people, in order.
    pub fn extend(&mut self, people: &Packed) {
        for (id, name, email) in people.iter() {
            self.push(id, name, email);
        }
    }

    /// Everybody has been received: who was not received again is gone.
    pub fn finish(&mut self) {
        self.chunks.truncate(self.full);
        self.fresh.shrink_text();
    }

    /// The person at `index`, counted from 0.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Person> {
        let (chunk, row) = self.find(index)?;
        let (id, name, email) = chunk.row(row);
        Some(Person {
            id,
            name: name.to_owned(),
            email: email.to_owned(),
        })
    }

    /// Where the person with this `id` is. Ids ascend, so this looks at few of them.
    #[must_use]
    pub fn position(&self, id: i32) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let (chunk, row) = self.find(middle)?;
            match chunk.row(row).0.cmp(&id) {
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// Who comes before and after the person with this `id`, as far as they have been received.
    #[must_use]
    pub fn around(&self, id: i32) -> (Option<i32>, Option<i32>) {
        let Some(index) = self.position(id) else {
            return (None, None);
        };
        let before = index.checked_sub(1).and_then(|before| self.id(before));
        (before, self.id(index + 1))
    }

    /// The id at `index`.
    #[must_use]
    pub fn id(&self, index: usize) -> Option<i32> {
        let (chunk, row) = self.find(index)?;
        Some(chunk.row(row).0)
    }

    fn find(&self, index: usize) -> Option<(&Packed, usize)> {
        let (at, row) = (index / ROWS, index % ROWS);
        let chunk = if at == self.full && row < self.fresh.len() {
            &self.fresh
        } else {
            self.chunks.get(at)?
        };
        (row < chunk.len()).then_some((chunk, row))
    }

    fn place(&mut self, chunk: Packed) {
        match self.chunks.get_mut(self.full) {
            Some(old) => *old = chunk,
            None => self.chunks.push(chunk),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: usize, mark: &str) -> Person {
        Person {
            id: i32::try_from(id).expect("a small id"),
            name: format!("Zoë {mark} {id}"),
            email: format!("zoe{id}@{mark}.example"),
        }
    }

    fn push(roster: &mut Roster, person: &Person) {
        roster.push(person.id, &person.name, &person.email);
    }

    fn filled(rows: usize, mark: &str) -> Roster {
        let mut roster = Roster::default();
        for id in 1..=rows {
            push(&mut roster, &person(id, mark));
        }
        roster.finish();
        roster
    }

    #[test]
    fn everybody_is_found_again_across_chunks() {
        for rows in [0, 1, ROWS - 1, ROWS, ROWS + 1, 3 * ROWS + 7] {
            let roster = filled(rows, "a");
            assert_eq!(roster.len(), rows);
            for index in 0..rows {
                assert_eq!(roster.get(index), Some(person(index + 1, "a")));
            }
            assert_eq!(roster.get(rows), None);
        }
    }

    #[test]
    fn a_person_is_found_by_id() {
        let mut roster = Roster::default();
        for id in (1..20_000).filter(|id| id % 3 != 0) {
            push(&mut roster, &person(id, "a"));
        }
        for id in 1..20_000 {
            let found = roster.position(id).and_then(|index| roster.id(index));
            assert_eq!(found, (id % 3 != 0).then_some(id));
        }
    }

    #[test]
    fn the_people_around_somebody_are_known_as_far_as_they_came_in() {
        let mut roster = Roster::default();
        for id in [1, 2, 5, 9] {
            push(&mut roster, &person(id, "a"));
        }
        assert_eq!(roster.around(1), (None, Some(2)));
        assert_eq!(roster.around(5), (Some(2), Some(9)));
        // Whoever follows has not come in, or is not there: that is for the server to say.
        assert_eq!(roster.around(9), (Some(5), None));
        assert_eq!(roster.around(7), (None, None));
    }

    #[test]
    fn old_rows_stay_until_new_ones_take_their_place() {
        let mut roster = filled(2 * ROWS + 10, "old");
        roster.begin();
        assert_eq!(roster.received(), 0);
        for id in 1..=ROWS + 5 {
            push(&mut roster, &person(id, "new"));
            assert_eq!(roster.len(), 2 * ROWS + 10);
        }
        assert_eq!(roster.get(ROWS + 4), Some(person(ROWS + 5, "new")));
        assert_eq!(roster.get(ROWS + 5), Some(person(ROWS + 6, "old")));
        assert_eq!(roster.get(2 * ROWS + 9), Some(person(2 * ROWS + 10, "old")));
    }

    #[test]
    fn a_reading_that_broke_off_loses_nobody_when_it_begins_again() {
        let mut roster = filled(2 * ROWS, "old");
        roster.begin();
        (1..=ROWS + 5).for_each(|id| push(&mut roster, &person(id, "new")));
        roster.begin();
        assert_eq!(roster.len(), 2 * ROWS);
        assert_eq!(roster.get(ROWS + 4), Some(person(ROWS + 5, "new")));
        assert_eq!(roster.get(ROWS + 5), Some(person(ROWS + 6, "old")));
        assert_eq!(roster.get(2 * ROWS - 1), Some(person(2 * ROWS, "old")));

        let mut first = Roster::default();
        (1..=10).for_each(|id| push(&mut first, &person(id, "old")));
        first.begin();
        assert_eq!(first.len(), 10);
        assert_eq!(first.get(9), Some(person(10, "old")));
    }

    #[test]
    fn who_was_not_received_again_is_gone_at_the_end() {
        for rows in [0, 3, ROWS, ROWS + 3] {
            let mut roster = filled(2 * ROWS + 10, "old");
            roster.begin();
            (1..=rows).for_each(|id| push(&mut roster, &person(id, "new")));
            roster.finish();
            assert_eq!(roster.len(), rows);
        }
    }

    #[test]
    fn forty_thousand_people_take_little_more_than_their_text() {
        let roster = filled(40_000, "a");
        let text: usize = roster.chunks.iter().map(Packed::text_capacity).sum();
        let bare: usize = (1..=40_000)
            .map(|id| person(id, "a"))
            .map(|it| it.name.len() + it.email.len())
            .sum();
        assert!(text <= bare, "{text} > {bare}");
    }
}
