//! Tables for people.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::{Out, Unread};
use crate::csv::shown;

/// How many rows decide how wide the columns are; those behind them come as they are read.
const LOOKED_AT: usize = 500;
/// No column is made narrower for the terminal's sake.
const NARROWEST: usize = 8;
const BETWEEN: &str = "  ";
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// A table whose rows come one after the other. On a terminal it is as wide as that at the most,
/// and what does not fit is cut; elsewhere nothing is.
pub(in crate::cli) struct Table {
    headings: &'static [&'static str],
    rows: Vec<Vec<String>>,
    widths: Option<Vec<usize>>,
}

impl Table {
    pub(in crate::cli) fn new(headings: &'static [&'static str]) -> Self {
        Self {
            headings,
            rows: Vec::new(),
            widths: None,
        }
    }

    /// Adds a row, with a cell for each heading.
    pub(in crate::cli) fn row(&mut self, cells: &[&str], out: &mut Out) -> Result<(), Unread> {
        let row: Vec<_> = cells.iter().map(|cell| shown(cell)).collect();
        if let Some(widths) = &self.widths {
            return out.line(&line(&row, widths, out.width().is_some()));
        }
        self.rows.push(row);
        if self.rows.len() == LOOKED_AT {
            self.begin(out)?;
        }
        Ok(())
    }

    /// All rows have come.
    pub(in crate::cli) fn end(mut self, out: &mut Out) -> Result<(), Unread> {
        if self.widths.is_none() {
            self.begin(out)?;
        }
        out.flush()
    }

    fn begin(&mut self, out: &mut Out) -> Result<(), Unread> {
        let headings: Vec<_> = self
            .headings
            .iter()
            .map(|&heading| heading.to_owned())
            .collect();
        let widths = widths(&headings, &self.rows, out.width());
        let heading = line(&headings, &widths, true);
        if out.is_coloured() {
            out.line(&format!("{BOLD}{heading}{PLAIN}"))?;
        } else {
            out.line(&heading)?;
        }
        for row in self.rows.drain(..) {
            out.line(&line(&row, &widths, true))?;
        }
        self.widths = Some(widths);
        Ok(())
    }
}

/// How wide each column is: as wide as its widest cell, where there is room for all.
fn widths(headings: &[String], rows: &[Vec<String>], room: Option<usize>) -> Vec<usize> {
    let mut widths: Vec<_> = headings.iter().map(|heading| heading.width()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.width().max(*width);
        }
    }
    let Some(room) = room else {
        return widths;
    };
    let room = room.saturating_sub(BETWEEN.len() * (widths.len().saturating_sub(1)));
    // The widest gives way first.
    while widths.iter().sum::<usize>() > room {
        match widths.iter_mut().max() {
            Some(widest) if *widest > NARROWEST => *widest -= 1,
            _ => break,
        }
    }
    widths
}

/// A row. Where it is not `bounded` by a terminal, a cell that is wider than those that were looked at
/// is whole all the same.
fn line(cells: &[String], widths: &[usize], bounded: bool) -> String {
    let mut line = String::new();
    let last = cells.len().saturating_sub(1);
    for (column, (cell, &width)) in cells.iter().zip(widths).enumerate() {
        // A number that is cut is another.
        let is_number = cell.bytes().all(|byte| byte.is_ascii_digit());
        let (text, taken) = if is_number || !bounded {
            (cell.clone(), cell.width())
        } else {
            cut(cell, width)
        };
        line.push_str(&text);
        if column < last {
            line.extend(std::iter::repeat_n(' ', width.saturating_sub(taken)));
            line.push_str(BETWEEN);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// As much of a cell as there is room for, and how wide that is.
fn cut(cell: &str, width: usize) -> (String, usize) {
    let whole = cell.width();
    if whole <= width {
        return (cell.to_owned(), whole);
    }
    let (mut text, mut taken) = (String::new(), 1);
    for character in cell.chars() {
        let wide = character.width().unwrap_or_default();
        if taken + wide > width {
            break;
        }
        taken += wide;
        text.push(character);
    }
    text.push('…');
    (text, taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rows: &[[&str; 2]], room: Option<usize>) -> Vec<String> {
        let owned = |cells: &[&str; 2]| cells.map(str::to_owned).to_vec();
        let rows: Vec<_> = rows.iter().map(owned).collect();
        let widths = widths(&owned(&["ID", "NAME"]), &rows, room);
        rows.iter().map(|row| line(row, &widths, true)).collect()
    }

    #[test]
    fn columns_stand_below_each_other_in_all_scripts() {
        let rows = [["1", "山田太郎"], ["1000", "Ada"], ["7", ""]];
        assert_eq!(lines(&rows, None), ["1     山田太郎", "1000  Ada", "7"]);
    }

    #[test]
    fn a_number_behind_those_that_were_looked_at_is_whole() {
        let widths = [2, 5];
        let cells = ["1234567", "Somebody else"].map(str::to_owned);
        assert_eq!(line(&cells, &widths, true), "1234567  Some…");
        assert_eq!(line(&cells, &widths, false), "1234567  Somebody else");
    }

    #[test]
    fn what_a_terminal_has_no_room_for_is_cut_and_said_so() {
        let rows = [["1", "Ada Lovelace"], ["2", "山田太郎山田太郎"]];
        assert_eq!(lines(&rows, Some(14)), ["1   Ada Lovel…", "2   山田太郎…"]);
        let narrow = lines(&rows, Some(1));
        assert_eq!(narrow[0], "1   Ada Lov…", "and never to nothing");
    }
}
