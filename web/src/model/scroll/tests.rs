use super::*;
use crate::model::draws;

const ROW: f64 = 44.0;
const VIEW: f64 = 700.0;

fn million() -> Scroll {
    Scroll::new(1_000_000, ROW, VIEW)
}

fn draw_px(draw: &mut impl FnMut(u64) -> u64, below: f64) -> f64 {
    px(index(below)).min(px(
        usize::try_from(draw(index(below) as u64)).expect("small")
    ))
}

#[test]
fn a_short_list_is_an_ordinary_one() {
    let mut scroll = Scroll::new(1_000, ROW, VIEW);
    assert!((scroll.height() - 44_000.0).abs() < 0.1);
    for top in [0.0, 1.0, 20_000.0, 43_300.0, 12.0] {
        assert!(!scroll.scrolled(top));
        assert!((scroll.top() - top).abs() < 0.1);
        assert!(scroll.shift().abs() < 0.1);
        assert_eq!(scroll.anchor(), None);
    }
}

#[test]
fn a_million_rows_are_no_taller_than_a_browser_can_draw() {
    assert!((million().height() - TALLEST).abs() < 0.1);
}

#[test]
fn small_steps_move_rows_one_to_one() {
    let mut scroll = million();
    scroll.scrolled(7_000_000.0);
    let (top, place) = (scroll.top(), scroll.place(500_000));
    let mut at = 7_000_000.0;
    for step in [1.0, 100.0, -40.0, 2_000.0, 3_999.0] {
        at += step;
        scroll.scrolled(at);
        assert!((scroll.place(500_000) - place).abs() < 0.01);
    }
    assert!((scroll.top() - top - (at - 7_000_000.0)).abs() < 0.01);
}

#[test]
fn the_thumb_reaches_the_true_last_row_and_the_first() {
    for rows in [1_000_000, 3_000_000, 50_000_000] {
        let mut scroll = Scroll::new(rows, ROW, VIEW);
        scroll.scrolled(scroll.height() - VIEW);
        assert_eq!(scroll.span(0).end, rows);
        assert!((scroll.place(rows - 1) + ROW - scroll.height()).abs() < 0.01);
        scroll.scrolled(0.0);
        assert_eq!(scroll.span(0).first, 0);
        assert!(scroll.place(0).abs() < 0.01);
    }
}

#[test]
fn a_leap_goes_to_the_place_in_proportion() {
    let mut scroll = million();
    scroll.scrolled((scroll.height() - VIEW) / 2.0);
    let middle = scroll.span(0).first;
    assert!((499_000..501_000).contains(&middle), "{middle}");
}

#[test]
fn an_anchor_leaves_the_rows_on_screen_where_they_are() {
    let mut draw = draws(1);
    for _ in 0..2_000 {
        let mut scroll = million();
        let mut at = draw_px(&mut draw, scroll.height() - VIEW);
        scroll.scrolled(at);
        for _ in 0..draw(50) {
            at = (at + draw_px(&mut draw, 4_000.0) - 2_000.0).clamp(0.0, scroll.height() - VIEW);
            scroll.scrolled(at);
        }
        let (top, span) = (scroll.top(), scroll.span(0));
        let on_screen = scroll.place(span.first) - scroll.physical;
        scroll.anchor();
        assert!((scroll.top() - top).abs() < f64::EPSILON);
        assert_eq!(scroll.span(0), span);
        assert!((scroll.place(span.first) - scroll.physical - on_screen).abs() < 0.01);
        assert_eq!(scroll.anchor(), None, "once is enough");
    }
}

/// Scrolls by `step` until nothing moves any more, as a person at a wheel who never rests.
fn wheel(scroll: &mut Scroll, step: f64) {
    for _ in 0..2_000_000 {
        let before = scroll.top();
        let at = (scroll.physical + step).clamp(0.0, scroll.physical_reach());
        if scroll.scrolled(at) {
            scroll.anchor();
        }
        if (scroll.top() - before).abs() < f64::EPSILON {
            return;
        }
    }
    panic!("never came to an end");
}

#[test]
fn a_wheel_alone_reaches_both_ends() {
    let mut scroll = Scroll::bounded(100_000, ROW, VIEW, 400_000.0);
    scroll.scrolled(200_000.0);
    wheel(&mut scroll, 120.0);
    assert_eq!(scroll.span(0).end, 100_000);
    assert!((scroll.top() - scroll.reach()).abs() < 1.0);
    wheel(&mut scroll, -120.0);
    assert!(scroll.top().abs() < 1.0);
    assert!(scroll.physical.abs() < 1.0);
}

#[test]
fn near_the_ends_one_px_is_one_px() {
    let mut scroll = million();
    scroll.scrolled(300_000.0);
    assert!((scroll.top() - 300_000.0).abs() < 0.1);
    scroll.scrolled(scroll.height() - VIEW - 300_000.0);
    assert!((scroll.reach() - scroll.top() - 300_000.0).abs() < 0.1);
}

#[test]
fn whatever_is_scrolled_the_view_is_filled_and_inside() {
    let mut draw = draws(3);
    let mut scroll = million();
    for _ in 0..20_000 {
        match draw(4) {
            0 => {
                scroll.scrolled(draw_px(&mut draw, TALLEST));
            }
            1 => {
                let at = scroll.physical + draw_px(&mut draw, 2_000.0) - 1_000.0;
                if scroll.scrolled(at) {
                    scroll.anchor();
                }
            }
            2 => {
                scroll.reveal(usize::try_from(draw(1_000_000)).expect("small"));
            }
            _ => {
                scroll.anchor();
            }
        }
        let span = scroll.span(0);
        let upper = scroll.place(span.first);
        let lower = scroll.place(span.end - 1) + ROW;
        assert!(upper <= scroll.physical + 0.01, "a gap above");
        assert!(lower >= scroll.physical + VIEW - 0.01, "a gap below");
        assert!(
            upper > -ROW && lower < TALLEST + ROW,
            "beyond what is drawn"
        );
    }
}

#[test]
fn a_row_is_revealed_by_the_shortest_way() {
    let mut scroll = million();
    assert_eq!(scroll.reveal(3), None);
    assert!(scroll.reveal(999_999).is_some());
    assert_eq!(scroll.span(0).end, 1_000_000);
    assert!(scroll.reveal(500_000).is_some());
    assert_eq!(scroll.span(0).first, 500_000);
    assert_eq!(scroll.reveal(500_001), None);
    assert!(scroll.reveal(0).is_some());
    assert!(scroll.top().abs() < f64::EPSILON);
}

#[test]
fn rows_that_come_in_leave_the_view_alone() {
    let mut scroll = Scroll::new(1_000, ROW, VIEW);
    scroll.scrolled(20_000.0);
    for rows in [2_000, 300_000, 341_000, 1_000_000] {
        scroll.set_rows(rows);
        assert!((scroll.top() - 20_000.0).abs() < 0.01);
        assert!(scroll.shift().abs() < 0.01);
    }
    scroll.set_rows(10);
    assert!(scroll.top().abs() < 0.01);
}

#[test]
fn another_row_height_keeps_the_row_at_the_top() {
    let mut scroll = million();
    scroll.reveal(400_000);
    let first = scroll.span(0).first;
    scroll.set_sizes(64.0, 500.0);
    assert_eq!(scroll.span(0).first, first);
}
