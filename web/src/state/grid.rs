//! Keyboard navigation in a grid, as in the ARIA Authoring Practices.

/// A cell of the grid; row and column are counted from 0, over all rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub row: usize,
    pub column: usize,
}

/// The scroll position and the active cell, to be restored when the user returns.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GridPosition {
    /// In px of the virtual height, see [`super::virtual_scroll`].
    pub scroll_top: f64,
    /// The cell with the tab stop.
    pub active: Cell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridSize {
    /// All rows, visible or not.
    pub rows: usize,
    pub columns: usize,
    /// The number of rows visible at once.
    pub page_rows: usize,
}

impl Cell {
    /// The cell that `key` moves to, or `None` if the grid does not handle the key.
    pub fn moved_by(self, key: &str, ctrl: bool, size: GridSize) -> Option<Self> {
        let last_row = size.rows.checked_sub(1)?;
        let last_column = size.columns.checked_sub(1)?;
        let Self { row, column } = self;
        let page_rows = size.page_rows.max(1);
        let (row, column) = match (key, ctrl) {
            ("ArrowRight", false) => (row, column + 1),
            ("ArrowLeft", false) => (row, column.saturating_sub(1)),
            ("ArrowDown", false) => (row + 1, column),
            ("ArrowUp", false) => (row.saturating_sub(1), column),
            ("PageDown", false) => (row.saturating_add(page_rows), column),
            ("PageUp", false) => (row.saturating_sub(page_rows), column),
            ("Home", false) => (row, 0),
            ("End", false) => (row, last_column),
            ("Home", true) => (0, 0),
            ("End", true) => (last_row, last_column),
            _ => return None,
        };
        Some(Self {
            row: row.min(last_row),
            column: column.min(last_column),
        })
    }

    /// The nearest cell of a grid with `rows` rows.
    #[must_use]
    pub fn clamped(self, rows: usize) -> Self {
        Self {
            row: self.row.min(rows.saturating_sub(1)),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: GridSize = GridSize {
        rows: 1_000_000,
        columns: 3,
        page_rows: 12,
    };

    fn cell(row: usize, column: usize) -> Cell {
        Cell { row, column }
    }

    #[test]
    fn keys_move_as_in_the_aria_pattern() {
        let cases = [
            ("ArrowRight", false, cell(5, 2)),
            ("ArrowLeft", false, cell(5, 0)),
            ("ArrowDown", false, cell(6, 1)),
            ("ArrowUp", false, cell(4, 1)),
            ("PageDown", false, cell(17, 1)),
            ("PageUp", false, cell(0, 1)),
            ("Home", false, cell(5, 0)),
            ("End", false, cell(5, 2)),
            ("Home", true, cell(0, 0)),
            ("End", true, cell(999_999, 2)),
        ];
        for (key, ctrl, to) in cases {
            assert_eq!(cell(5, 1).moved_by(key, ctrl, SIZE), Some(to), "{key}");
        }
    }

    #[test]
    fn no_key_leaves_the_grid() {
        let mut random = crate::state::random_numbers(7);
        let keys = [
            "ArrowRight",
            "ArrowLeft",
            "ArrowDown",
            "ArrowUp",
            "PageDown",
            "PageUp",
            "Home",
            "End",
        ];
        let mut cell = Cell::default();
        for _ in 0..10_000 {
            let key = keys[usize::try_from(random(8)).expect("fits")];
            if let Some(next) = cell.moved_by(key, random(9) == 0, SIZE) {
                cell = next;
            }
            assert!(cell.row < SIZE.rows && cell.column < SIZE.columns);
        }
    }

    #[test]
    fn other_keys_and_empty_grids_are_not_handled() {
        assert_eq!(cell(0, 0).moved_by("a", false, SIZE), None);
        assert_eq!(cell(0, 0).moved_by("Tab", false, SIZE), None);
        assert_eq!(cell(0, 0).moved_by("ArrowDown", true, SIZE), None);
        let empty = GridSize { rows: 0, ..SIZE };
        assert_eq!(cell(0, 0).moved_by("ArrowDown", false, empty), None);
    }
}
