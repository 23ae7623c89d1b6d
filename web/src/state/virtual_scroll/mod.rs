//! Virtual scrolling through more rows than fit into a browser's tallest element.
//!
//! There are two heights. The *virtual* height is that of all rows: a million rows of 44 px are
//! 44 million px. The *physical* height is that of the element: the same, but at most
//! [`MAX_PHYSICAL_HEIGHT`]. The browser scrolls the element; this module computes which rows are
//! visible, and where. Crates for virtual scrolling give the element its full height, which browsers
//! cut off long before a million rows.
//!
//! - A small step moves the rows by exactly that step, so that wheel, touch and keys feel native.
//! - A large step (dragging or clicking the scroll bar) jumps to the proportional position.
//! - Small steps make the two positions drift apart. When scrolling stops, or the physical end is
//!   reached before the virtual one, [`VirtualScroll::realign`] corrects the physical position;
//!   the visible rows stay where they are.
//!
//! Near both ends the scale is 1:1, so that the first and the last row can be reached as in any
//! list.

use std::ops::Range;

/// In px. Firefox renders nothing beyond 17.9 million px, Chromium beyond 33.5 million.
pub const MAX_PHYSICAL_HEIGHT: f64 = 15_000_000.0;

/// The distance from the ends, in px, within which the scale is 1:1.
const EDGE: f64 = 500_000.0;

/// The scroll position in a list of rows with one height. All lengths are in px.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VirtualScroll {
    rows: usize,
    row_height: f64,
    /// The height of the visible part.
    view_height: f64,
    max_physical_height: f64,
    /// The top of the visible part in the virtual height.
    top: f64,
    /// The browser's scroll position.
    physical_top: f64,
}

impl VirtualScroll {
    pub fn new(rows: usize, row_height: f64, view_height: f64) -> Self {
        Self::with_max_height(rows, row_height, view_height, MAX_PHYSICAL_HEIGHT)
    }

    fn with_max_height(
        rows: usize,
        row_height: f64,
        view_height: f64,
        max_physical_height: f64,
    ) -> Self {
        Self {
            rows,
            row_height: row_height.max(1.0),
            view_height: view_height.max(0.0),
            max_physical_height,
            top: 0.0,
            physical_top: 0.0,
        }
    }

    pub fn set_rows(&mut self, rows: usize) {
        self.rows = rows;
        self.top = self.top.min(self.max_top());
    }

    /// Changes the sizes; the row at the top stays there.
    pub fn set_sizes(&mut self, row_height: f64, view_height: f64) {
        let top_row = self.top / self.row_height;
        self.row_height = row_height.max(1.0);
        self.view_height = view_height.max(0.0);
        self.top = (top_row * self.row_height).round().min(self.max_top());
    }

    /// Whether the sizes have been measured.
    pub fn has_sizes(&self) -> bool {
        self.view_height > 0.0
    }

    pub fn row_height(&self) -> f64 {
        self.row_height
    }

    /// The height of the scrolled element.
    pub fn physical_height(&self) -> f64 {
        self.virtual_height().min(self.max_physical_height)
    }

    /// The top of the visible part in the virtual height.
    pub fn top(&self) -> f64 {
        self.top
    }

    /// The difference between physical and virtual positions. Small steps do not change it.
    pub fn offset(&self) -> f64 {
        self.physical_top - self.top
    }

    /// The top of row `index` in the physical height.
    pub fn row_top(&self, index: usize) -> f64 {
        px(index) * self.row_height + self.offset()
    }

    /// Follows the browser's scroll position. Returns whether [`VirtualScroll::realign`] has to be
    /// called immediately.
    pub fn follow(&mut self, physical_top: f64) -> bool {
        let physical_top = clamp(physical_top, self.max_physical_top());
        let step = physical_top - self.physical_top;
        self.physical_top = physical_top;
        if !self.is_compressed() {
            self.top = physical_top;
            return false;
        }
        if step.abs() > self.jump_threshold() {
            self.top = self.to_virtual(physical_top).round();
            return false;
        }
        self.top = clamp(self.top + step, self.max_top());
        let at_physical_end = physical_top <= 0.0 || physical_top >= self.max_physical_top();
        let at_virtual_end = self.top <= 0.0 || self.top >= self.max_top();
        at_physical_end != at_virtual_end
    }

    /// Corrects the physical position to match the virtual one. Returns the position to scroll the
    /// browser to, or `None` if they match already. The visible rows stay where they are.
    pub fn realign(&mut self) -> Option<f64> {
        let aligned = self.to_physical(self.top).round();
        if (aligned - self.physical_top).abs() < 1.0 {
            return None;
        }
        self.physical_top = aligned;
        Some(aligned)
    }

    /// Scrolls to `top` in the virtual height. Returns the position to scroll the browser to.
    pub fn scroll_to(&mut self, top: f64) -> f64 {
        self.top = clamp(top, self.max_top()).round();
        self.physical_top = self.to_physical(self.top).round();
        self.physical_top
    }

    /// Scrolls row `index` into view by the shortest distance. Returns the position to scroll the
    /// browser to, or `None` if the row is fully visible.
    pub fn scroll_row_into_view(&mut self, index: usize) -> Option<f64> {
        let row_top = px(index) * self.row_height;
        let row_bottom = row_top + self.row_height;
        if row_top < self.top {
            Some(self.scroll_to(row_top))
        } else if row_bottom > self.top + self.view_height {
            Some(self.scroll_to((row_bottom - self.view_height).ceil()))
        } else {
            None
        }
    }

    /// The visible rows, and up to `overscan` more at both ends.
    pub fn visible_rows(&self, overscan: usize) -> Range<usize> {
        let first = index(self.top / self.row_height);
        let end = index(((self.top + self.view_height) / self.row_height).ceil());
        let end = end.saturating_add(overscan).min(self.rows);
        first.saturating_sub(overscan).min(end)..end
    }

    /// The number of rows that are fully visible at once.
    pub fn page_rows(&self) -> usize {
        index(self.view_height / self.row_height).max(1)
    }

    fn virtual_height(&self) -> f64 {
        px(self.rows) * self.row_height
    }

    fn max_top(&self) -> f64 {
        (self.virtual_height() - self.view_height).max(0.0)
    }

    fn max_physical_top(&self) -> f64 {
        (self.physical_height() - self.view_height).max(0.0)
    }

    /// Whether the virtual height exceeds the physical one.
    pub fn is_compressed(&self) -> bool {
        self.virtual_height() > self.max_physical_height
    }

    /// Longer steps are jumps: no one scrolls that far between two frames.
    fn jump_threshold(&self) -> f64 {
        (self.view_height * 4.0).max(4_000.0)
    }

    fn edge(&self) -> f64 {
        EDGE.min(self.max_physical_top() / 4.0)
    }

    fn to_physical(self, top: f64) -> f64 {
        rescale(top, self.edge(), self.max_top(), self.max_physical_top())
    }

    fn to_virtual(self, physical_top: f64) -> f64 {
        rescale(
            physical_top,
            self.edge(),
            self.max_physical_top(),
            self.max_top(),
        )
    }
}

/// Maps `0..from` to `0..to`: 1:1 within `edge` of both ends, proportionally in between.
fn rescale(position: f64, edge: f64, from: f64, to: f64) -> f64 {
    if position <= edge {
        position
    } else if position >= from - edge {
        to - (from - position)
    } else {
        edge + (position - edge) * (to - 2.0 * edge) / (from - 2.0 * edge)
    }
}

#[expect(clippy::cast_precision_loss, reason = "exact up to 2⁵³ rows")]
fn px(index: usize) -> f64 {
    index as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, which is intended"
)]
fn index(rows: f64) -> usize {
    rows as usize
}

/// Clamps to `0..=max`. `f64::clamp` can panic with a message that contains its arguments, and the
/// code that formats floats would be a thirtieth of the page.
fn clamp(length: f64, max: f64) -> f64 {
    length.max(0.0).min(max)
}

#[cfg(test)]
mod tests;
