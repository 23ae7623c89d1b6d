//! Scrolling through more rows than a browser's tallest element can hold.
//!
//! There are two heights. The *virtual* one is what the rows need: a million of 44 px are 44
//! million px. The *physical* one is what the browser is given: the same, but never more than
//! [`TALLEST`]. The browser scrolls the physical one by itself, smoothly; this says which rows
//! are to be seen there, and where.
//!
//! - A small step moves the rows by just that step, so that wheel, touch and keys feel native.
//! - A large one (the thumb dragged, a click beside it) goes to the place in proportion.
//! - Small steps make the two drift apart. When the scrolling rests, or the physical end is
//!   reached before the virtual one, the physical position is put right: see [`Scroll::anchor`].
//!   Rows move along, so nothing is seen of it.
//!
//! Near both ends one px is one px: the first and the last row are reached as in any list.

/// Firefox draws nothing beyond 17.9 million px, Chromium beyond 33.5 million.
pub const TALLEST: f64 = 15_000_000.0;

/// Near the ends, this much is not compressed.
const EDGE: f64 = 500_000.0;

/// A place in a list of rows of one height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scroll {
    /// How many rows there are.
    rows: usize,
    /// The height of one, in px.
    row: f64,
    /// The height of what is in view, in px.
    view: f64,
    /// The tallest that the physical height may be.
    tallest: f64,
    /// Where the view's upper edge is in the virtual height.
    top: f64,
    /// Where the browser has scrolled to.
    physical: f64,
}

/// Rows from `first` on, up to but without `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first row.
    pub first: usize,
    /// The row after the last.
    pub end: usize,
}

impl Span {
    /// Whether row `index` is one of these.
    #[must_use]
    pub fn holds(self, index: usize) -> bool {
        self.rows().contains(&index)
    }

    /// All of them, in order.
    #[must_use]
    pub fn rows(self) -> std::ops::Range<usize> {
        self.first..self.end
    }
}

impl Scroll {
    /// At the top of a list of `rows` rows.
    #[must_use]
    pub fn new(rows: usize, row: f64, view: f64) -> Self {
        Self::bounded(rows, row, view, TALLEST)
    }

    fn bounded(rows: usize, row: f64, view: f64, tallest: f64) -> Self {
        Self {
            rows,
            row: row.max(1.0),
            view: view.max(0.0),
            tallest,
            top: 0.0,
            physical: 0.0,
        }
    }

    /// The list has `rows` rows now.
    pub fn set_rows(&mut self, rows: usize) {
        self.rows = rows;
        self.top = self.top.min(self.reach());
    }

    /// A row is `row` px high now, and `view` px are in view. The row at the top stays there.
    pub fn set_sizes(&mut self, row: f64, view: f64) {
        let at_row = self.top / self.row;
        self.row = row.max(1.0);
        self.view = view.max(0.0);
        self.top = (at_row * self.row).round().min(self.reach());
    }

    /// Whether it has been measured how much is in view.
    #[must_use]
    pub fn has_sizes(&self) -> bool {
        self.view > 0.0
    }

    /// The height of a row.
    #[must_use]
    pub fn row_height(&self) -> f64 {
        self.row
    }

    /// The height to give to the browser.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.virtual_height().min(self.tallest)
    }

    /// Where the view's upper edge is, in px of the virtual height.
    #[must_use]
    pub fn top(&self) -> f64 {
        self.top
    }

    /// How far a row stands from where it would without compression: to be added to its virtual
    /// place. Stays the same while small steps are scrolled.
    #[must_use]
    pub fn shift(&self) -> f64 {
        self.physical - self.top
    }

    /// Where row `index` stands in the physical height.
    #[must_use]
    pub fn place(&self, index: usize) -> f64 {
        px(index) * self.row + self.shift()
    }

    /// The browser has scrolled to `physical`. Says whether [`Scroll::anchor`] is due at once.
    pub fn scrolled(&mut self, physical: f64) -> bool {
        let physical = within(physical, self.physical_reach());
        let step = physical - self.physical;
        self.physical = physical;
        if !self.is_compressed() {
            self.top = physical;
            return false;
        }
        if step.abs() > self.leap() {
            self.top = self.to_virtual(physical).round();
            return false;
        }
        let wanted = self.top + step;
        self.top = within(wanted, self.reach());
        let at_physical_end = physical <= 0.0 || physical >= self.physical_reach();
        let at_virtual_end = self.top <= 0.0 || self.top >= self.reach();
        at_physical_end != at_virtual_end
    }

    /// Where the browser is to be scrolled to so that the physical place fits the virtual one
    /// again, or `None` where it does. The rows on screen stay where they are.
    pub fn anchor(&mut self) -> Option<f64> {
        let fitting = self.to_physical(self.top).round();
        if (fitting - self.physical).abs() < 1.0 {
            return None;
        }
        self.physical = fitting;
        Some(fitting)
    }

    /// Goes to `top`, in px of the virtual height, and says where the browser is to be scrolled.
    pub fn go(&mut self, top: f64) -> f64 {
        self.top = within(top, self.reach()).round();
        self.physical = self.to_physical(self.top).round();
        self.physical
    }

    /// Brings row `index` into view by the shortest way, and says where the browser is to be
    /// scrolled, or `None` where the row is in view already.
    pub fn reveal(&mut self, index: usize) -> Option<f64> {
        let upper = px(index) * self.row;
        let lower = upper + self.row;
        if upper < self.top {
            Some(self.go(upper))
        } else if lower > self.top + self.view {
            Some(self.go((lower - self.view).ceil()))
        } else {
            None
        }
    }

    /// The rows in view, and `more` beyond both edges.
    #[must_use]
    pub fn span(&self, more: usize) -> Span {
        let first = index(self.top / self.row);
        let end = index(((self.top + self.view) / self.row).ceil());
        let end = end.saturating_add(more).min(self.rows);
        Span {
            first: first.saturating_sub(more).min(end),
            end,
        }
    }

    /// How many whole rows are in view at once.
    #[must_use]
    pub fn page(&self) -> usize {
        index(self.view / self.row).max(1)
    }

    fn virtual_height(&self) -> f64 {
        px(self.rows) * self.row
    }

    fn reach(&self) -> f64 {
        (self.virtual_height() - self.view).max(0.0)
    }

    fn physical_reach(&self) -> f64 {
        (self.height() - self.view).max(0.0)
    }

    /// Whether the rows need more than the browser is given.
    #[must_use]
    pub fn is_compressed(&self) -> bool {
        self.virtual_height() > self.tallest
    }

    /// A longer step than this is a leap: nobody scrolls it row by row between two frames.
    fn leap(&self) -> f64 {
        (self.view * 4.0).max(4_000.0)
    }

    fn edge(&self) -> f64 {
        EDGE.min(self.physical_reach() / 4.0)
    }

    fn to_physical(self, top: f64) -> f64 {
        bend(top, self.edge(), self.reach(), self.physical_reach())
    }

    fn to_virtual(self, physical: f64) -> f64 {
        bend(physical, self.edge(), self.physical_reach(), self.reach())
    }
}

/// Maps 0 to `from` onto 0 to `to`: one to one within `edge` of both ends, in proportion between.
fn bend(at: f64, edge: f64, from: f64, to: f64) -> f64 {
    if at <= edge {
        at
    } else if at >= from - edge {
        to - (from - at)
    } else {
        edge + (at - edge) * (to - 2.0 * edge) / (from - 2.0 * edge)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "exact up to 2⁵³ rows, more than any memory holds"
)]
fn px(index: usize) -> f64 {
    index as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` stops at both ends, which is what is meant"
)]
fn index(rows: f64) -> usize {
    rows as usize
}

/// What of `length` lies between 0 and `most`. `clamp` can say that its bounds are none, and with those
/// words comes all that writes out fractions: a thirtieth of the page.
fn within(length: f64, most: f64) -> f64 {
    length.max(0.0).min(most)
}

#[cfg(test)]
mod tests;
