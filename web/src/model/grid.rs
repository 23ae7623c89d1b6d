//! Where the keys lead in a grid: the pattern of the ARIA Authoring Practices.

/// The cell that the grid's one tab stop is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Counted from 0, of all rows.
    pub row: usize,
    /// Counted from 0.
    pub column: usize,
}

/// Where a person is in a grid: enough to bring them back there.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    /// How far it is scrolled, in px of all its rows.
    pub top: f64,
    /// The cell with the tab stop.
    pub cell: Cell,
}

/// How large the grid is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// All rows, in view or not.
    pub rows: usize,
    /// All columns.
    pub columns: usize,
    /// The rows that are in view at once.
    pub page: usize,
}

impl Cell {
    /// Where `key` leads from here, or `None` where it is not the grid's to answer.
    #[must_use]
    pub fn follow(self, key: &str, ctrl: bool, extent: Extent) -> Option<Self> {
        let last_row = extent.rows.checked_sub(1)?;
        let last_column = extent.columns.checked_sub(1)?;
        let Self { row, column } = self;
        let page = extent.page.max(1);
        let (row, column) = match (key, ctrl) {
            ("ArrowRight", false) => (row, column + 1),
            ("ArrowLeft", false) => (row, column.saturating_sub(1)),
            ("ArrowDown", false) => (row + 1, column),
            ("ArrowUp", false) => (row.saturating_sub(1), column),
            ("PageDown", false) => (row.saturating_add(page), column),
            ("PageUp", false) => (row.saturating_sub(page), column),
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

    /// The nearest cell that a grid of `rows` rows has.
    #[must_use]
    pub fn within(self, rows: usize) -> Self {
        Self {
            row: self.row.min(rows.saturating_sub(1)),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXTENT: Extent = Extent {
        rows: 1_000_000,
        columns: 3,
        page: 12,
    };

    fn cell(row: usize, column: usize) -> Cell {
        Cell { row, column }
    }

    #[test]
    fn keys_lead_where_the_pattern_says() {
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
            assert_eq!(cell(5, 1).follow(key, ctrl, EXTENT), Some(to), "{key}");
        }
    }

    #[test]
    fn nothing_leads_out_of_the_grid() {
        let mut draw = crate::model::draws(7);
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
        let mut at = Cell::default();
        for _ in 0..10_000 {
            let key = keys[usize::try_from(draw(8)).expect("small")];
            if let Some(next) = at.follow(key, draw(9) == 0, EXTENT) {
                at = next;
            }
            assert!(at.row < EXTENT.rows && at.column < EXTENT.columns);
        }
    }

    #[test]
    fn other_keys_and_empty_grids_are_not_the_grids() {
        assert_eq!(cell(0, 0).follow("a", false, EXTENT), None);
        assert_eq!(cell(0, 0).follow("Tab", false, EXTENT), None);
        assert_eq!(cell(0, 0).follow("ArrowDown", true, EXTENT), None);
        let empty = Extent { rows: 0, ..EXTENT };
        assert_eq!(cell(0, 0).follow("ArrowDown", false, empty), None);
    }
}
