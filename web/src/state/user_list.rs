//! The list of received users, in chunks of [`CHUNK_ROWS`]: growing never copies full chunks.
//!
//! The list can be reloaded while it is shown: after [`UserList::restart`], each old row stays
//! until a new one replaces it.

use super::{packed_users::PackedUsers, user::User};

pub const CHUNK_ROWS: usize = 4_096;

/// Users in the order in which they were received, which is by ascending id.
#[derive(Clone, Debug, Default)]
pub struct UserList {
    chunks: Vec<PackedUsers>,
    /// The chunk being filled; replaces `chunks[completed]` when it is full.
    current: PackedUsers,
    /// The number of chunks completed since [`UserList::restart`].
    completed: usize,
}

impl UserList {
    /// The number of rows to show, old rows included.
    pub fn len(&self) -> usize {
        let old = self
            .chunks
            .last()
            .map_or(0, |last| (self.chunks.len() - 1) * CHUNK_ROWS + last.len());
        old.max(self.received())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of users received since [`UserList::restart`].
    pub fn received(&self) -> usize {
        self.completed * CHUNK_ROWS + self.current.len()
    }

    /// Starts receiving from the first user again. Old rows stay until they are replaced.
    pub fn restart(&mut self) {
        let mut chunk = std::mem::take(&mut self.current);
        if let Some(old) = self.chunks.get(self.completed) {
            for row in chunk.len()..old.len() {
                let (id, name, email) = old.row(row);
                chunk.push(id, name, email);
            }
        }
        if !chunk.is_empty() {
            self.store_chunk(chunk);
        }
        self.completed = 0;
    }

    /// Appends the next user.
    pub fn push(&mut self, id: i32, name: &str, email: &str) {
        if self.current.is_empty() {
            self.current.reserve(CHUNK_ROWS);
        }
        self.current.push(id, name, email);
        if self.current.len() == CHUNK_ROWS {
            let mut chunk = std::mem::take(&mut self.current);
            chunk.shrink_text();
            // The next chunk will be about as large.
            self.current.reserve_text(chunk.text_len());
            self.store_chunk(chunk);
            self.completed += 1;
        }
    }

    pub fn extend(&mut self, users: &PackedUsers) {
        for (id, name, email) in users.iter() {
            self.push(id, name, email);
        }
    }

    /// Ends receiving: removes the old rows that were not replaced.
    pub fn finish(&mut self) {
        self.chunks.truncate(self.completed);
        self.current.shrink_text();
    }

    pub fn get(&self, index: usize) -> Option<User> {
        let (chunk, row) = self.find(index)?;
        let (id, name, email) = chunk.row(row);
        Some(User {
            id,
            name: name.to_owned(),
            email: email.to_owned(),
        })
    }

    /// The index of the user with this id, by binary search.
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

    /// The ids before and after this one, if they have been received.
    pub fn neighbors(&self, id: i32) -> (Option<i32>, Option<i32>) {
        let Some(index) = self.position(id) else {
            return (None, None);
        };
        let previous = index.checked_sub(1).and_then(|previous| self.id(previous));
        (previous, self.id(index + 1))
    }

    pub fn id(&self, index: usize) -> Option<i32> {
        let (chunk, row) = self.find(index)?;
        Some(chunk.row(row).0)
    }

    fn find(&self, index: usize) -> Option<(&PackedUsers, usize)> {
        let (chunk_index, row) = (index / CHUNK_ROWS, index % CHUNK_ROWS);
        let chunk = if chunk_index == self.completed && row < self.current.len() {
            &self.current
        } else {
            self.chunks.get(chunk_index)?
        };
        (row < chunk.len()).then_some((chunk, row))
    }

    fn store_chunk(&mut self, chunk: PackedUsers) {
        match self.chunks.get_mut(self.completed) {
            Some(old) => *old = chunk,
            None => self.chunks.push(chunk),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: usize, mark: &str) -> User {
        User {
            id: i32::try_from(id).expect("fits"),
            name: format!("Zoë {mark} {id}"),
            email: format!("zoe{id}@{mark}.example"),
        }
    }

    fn push(list: &mut UserList, user: &User) {
        list.push(user.id, &user.name, &user.email);
    }

    fn filled(rows: usize, mark: &str) -> UserList {
        let mut list = UserList::default();
        for id in 1..=rows {
            push(&mut list, &user(id, mark));
        }
        list.finish();
        list
    }

    #[test]
    fn users_are_found_in_all_chunks() {
        for rows in [
            0,
            1,
            CHUNK_ROWS - 1,
            CHUNK_ROWS,
            CHUNK_ROWS + 1,
            3 * CHUNK_ROWS + 7,
        ] {
            let list = filled(rows, "a");
            assert_eq!(list.len(), rows);
            for index in 0..rows {
                assert_eq!(list.get(index), Some(user(index + 1, "a")));
            }
            assert_eq!(list.get(rows), None);
        }
    }

    #[test]
    fn a_user_is_found_by_id() {
        let mut list = UserList::default();
        for id in (1..20_000).filter(|id| id % 3 != 0) {
            push(&mut list, &user(id, "a"));
        }
        for id in 1..20_000 {
            let found = list.position(id).and_then(|index| list.id(index));
            assert_eq!(found, (id % 3 != 0).then_some(id));
        }
    }

    #[test]
    fn neighbors_are_known_once_they_are_received() {
        let mut list = UserList::default();
        for id in [1, 2, 5, 9] {
            push(&mut list, &user(id, "a"));
        }
        assert_eq!(list.neighbors(1), (None, Some(2)));
        assert_eq!(list.neighbors(5), (Some(2), Some(9)));
        // The next user has not been received or does not exist: the list cannot tell.
        assert_eq!(list.neighbors(9), (Some(5), None));
        assert_eq!(list.neighbors(7), (None, None));
    }

    #[test]
    fn old_rows_stay_until_they_are_replaced() {
        let mut list = filled(2 * CHUNK_ROWS + 10, "old");
        list.restart();
        assert_eq!(list.received(), 0);
        for id in 1..=CHUNK_ROWS + 5 {
            push(&mut list, &user(id, "new"));
            assert_eq!(list.len(), 2 * CHUNK_ROWS + 10);
        }
        assert_eq!(list.get(CHUNK_ROWS + 4), Some(user(CHUNK_ROWS + 5, "new")));
        assert_eq!(list.get(CHUNK_ROWS + 5), Some(user(CHUNK_ROWS + 6, "old")));
        assert_eq!(
            list.get(2 * CHUNK_ROWS + 9),
            Some(user(2 * CHUNK_ROWS + 10, "old"))
        );
    }

    #[test]
    fn restarting_after_an_interruption_loses_no_row() {
        let mut list = filled(2 * CHUNK_ROWS, "old");
        list.restart();
        (1..=CHUNK_ROWS + 5).for_each(|id| push(&mut list, &user(id, "new")));
        list.restart();
        assert_eq!(list.len(), 2 * CHUNK_ROWS);
        assert_eq!(list.get(CHUNK_ROWS + 4), Some(user(CHUNK_ROWS + 5, "new")));
        assert_eq!(list.get(CHUNK_ROWS + 5), Some(user(CHUNK_ROWS + 6, "old")));
        assert_eq!(
            list.get(2 * CHUNK_ROWS - 1),
            Some(user(2 * CHUNK_ROWS, "old"))
        );

        let mut first = UserList::default();
        (1..=10).for_each(|id| push(&mut first, &user(id, "old")));
        first.restart();
        assert_eq!(first.len(), 10);
        assert_eq!(first.get(9), Some(user(10, "old")));
    }

    #[test]
    fn rows_that_were_not_replaced_are_removed_at_the_end() {
        for rows in [0, 3, CHUNK_ROWS, CHUNK_ROWS + 3] {
            let mut list = filled(2 * CHUNK_ROWS + 10, "old");
            list.restart();
            (1..=rows).for_each(|id| push(&mut list, &user(id, "new")));
            list.finish();
            assert_eq!(list.len(), rows);
        }
    }

    #[test]
    fn the_text_buffers_have_no_spare_capacity() {
        let list = filled(40_000, "a");
        let text: usize = list.chunks.iter().map(PackedUsers::text_capacity).sum();
        let text_len: usize = (1..=40_000)
            .map(|id| user(id, "a"))
            .map(|it| it.name.len() + it.email.len())
            .sum();
        assert!(text <= text_len, "{text} > {text_len}");
    }
}
