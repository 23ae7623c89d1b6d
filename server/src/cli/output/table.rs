//! Tables.

use comfy_table::{ColumnConstraint, ContentArrangement, Row, Width, presets};

use super::{
    printable::printable,
    stdout::{PrintError, Stdout},
};

/// Rows that are laid out at once, so that a list of any length is printed while it is read.
const CHUNK: usize = 500;
const BOLD: &str = "\u{1b}[1m";
const RESET: &str = "\u{1b}[0m";
/// Where a long cell may be cut: anywhere, since cells contain no control characters.
const ANYWHERE: char = '\0';

/// A table that is printed while its rows come. On a terminal it is at most as wide as that, and
/// cells that do not fit are truncated; elsewhere nothing is.
pub(in crate::cli) struct Table {
    columns: &'static [Column],
    rows: Vec<Vec<String>>,
    /// Of each column, in what has been printed.
    widths: Option<Vec<u16>>,
}

/// A column of a table.
pub(in crate::cli) enum Column {
    /// Numbers and times, which are never truncated.
    Fixed(&'static str),
    Text(&'static str),
}

impl Column {
    fn heading(&self) -> &'static str {
        match self {
            Self::Fixed(heading) | Self::Text(heading) => heading,
        }
    }
}

impl Table {
    pub(in crate::cli) fn new(columns: &'static [Column]) -> Self {
        Self {
            columns,
            rows: Vec::new(),
            widths: None,
        }
    }

    /// Adds a row, with a cell for each column.
    pub(in crate::cli) fn row(
        &mut self,
        cells: &[&str],
        out: &mut Stdout,
    ) -> Result<(), PrintError> {
        self.rows
            .push(cells.iter().map(|cell| printable(cell)).collect());
        if self.rows.len() == CHUNK {
            self.print(out)?;
        }
        Ok(())
    }

    /// Prints the remaining rows.
    pub(in crate::cli) fn end(mut self, out: &mut Stdout) -> Result<(), PrintError> {
        self.print(out)?;
        out.flush()
    }

    fn print(&mut self, out: &mut Stdout) -> Result<(), PrintError> {
        let is_first = self.widths.is_none();
        for (index, line) in self.layout(out.width()).iter().enumerate() {
            let line = line.trim_end();
            if is_first && index == 0 && out.has_style() {
                out.line(&format!("{BOLD}{line}{RESET}"))?;
            } else {
                out.line(line)?;
            }
        }
        Ok(())
    }

    /// The lines of the rows that are not printed yet; the first time, of the headings too.
    fn layout(&mut self, terminal: Option<u16>) -> Vec<String> {
        let mut table = comfy_table::Table::new();
        table
            .load_style(presets::NOTHING)
            .set_delimiter(ANYWHERE)
            .set_truncation_indicator("…");
        if let Some(width) = terminal {
            table
                .set_content_arrangement(ContentArrangement::Dynamic)
                // The padding of the last column is trimmed.
                .set_width(width.saturating_add(2));
        }
        if self.widths.is_none() {
            table.set_header(one_line(self.columns.iter().map(Column::heading)));
        }
        for row in self.rows.drain(..) {
            table.add_row(one_line(row));
        }
        table.discover_columns();
        let previous = self.widths.take().unwrap_or_default();
        let mut widths = table.column_max_content_widths();
        for (width, previous) in widths.iter_mut().zip(previous) {
            *width = previous.max(*width);
        }
        let fits = terminal.is_none_or(|terminal| {
            let total = widths
                .iter()
                .map(|width| u32::from(*width) + 2)
                .sum::<u32>();
            total <= u32::from(terminal) + 2
        });
        for (column, (kind, width)) in table
            .column_iter_mut()
            .zip(self.columns.iter().zip(&widths))
        {
            column.set_padding((0, 2));
            match kind {
                _ if fits => {
                    column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width + 2)));
                }
                Column::Fixed(_) => {
                    column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width + 2)));
                }
                Column::Text(_) => {}
            }
        }
        self.widths = Some(widths);
        table.lines().collect()
    }
}

fn one_line<T: Into<comfy_table::Cell>>(cells: impl IntoIterator<Item = T>) -> Row {
    let mut row = Row::from(cells.into_iter().collect::<Vec<_>>());
    row.max_height(1);
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[Column::Fixed("ID"), Column::Text("NAME")];

    fn lines(rows: &[[&str; 2]], terminal: Option<u16>) -> Vec<String> {
        let mut table = Table::new(COLUMNS);
        table.rows = rows
            .iter()
            .map(|cells| cells.map(str::to_owned).to_vec())
            .collect();
        let lines = table.layout(terminal);
        lines
            .iter()
            .skip(1)
            .map(|line| line.trim_end().to_owned())
            .collect()
    }

    #[test]
    fn columns_are_aligned_in_all_scripts() {
        let rows = [["1", "山田太郎"], ["1000", "Ada"], ["7", ""]];
        assert_eq!(lines(&rows, None), ["1     山田太郎", "1000  Ada", "7"]);
    }

    #[test]
    fn chunks_are_aligned_and_numbers_are_never_truncated() {
        let mut table = Table::new(COLUMNS);
        table.rows = vec![vec!["1000".to_owned(), "Ada".to_owned()]];
        table.layout(None);
        table.rows = vec![vec!["7".to_owned(), "Grace".to_owned()]];
        assert_eq!(table.layout(None)[0].trim_end(), "7     Grace");
        table.rows = vec![vec!["1234567".to_owned(), "Somebody else".to_owned()]];
        assert_eq!(table.layout(Some(14))[0].trim_end(), "1234567  Some…");
        table.rows = vec![vec!["1234567".to_owned(), "Somebody else".to_owned()]];
        assert_eq!(table.layout(None)[0].trim_end(), "1234567  Somebody else");
    }

    #[test]
    fn cells_that_do_not_fit_a_terminal_are_truncated() {
        let rows = [["1", "Ada Lovelace"], ["2", "山田太郎山田太郎"]];
        assert_eq!(lines(&rows, Some(14)), ["1   Ada Lovel…", "2   山田太郎…"]);
        assert!(lines(&rows, Some(1))[0].starts_with("1   "), "numbers stay");
    }
}
