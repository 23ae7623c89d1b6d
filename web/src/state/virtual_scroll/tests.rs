use super::*;
use crate::state::random_numbers;

const ROW: f64 = 44.0;
const VIEW: f64 = 700.0;

fn million_rows() -> VirtualScroll {
    VirtualScroll::new(1_000_000, ROW, VIEW)
}

fn random_px(random: &mut impl FnMut(u64) -> u64, below: f64) -> f64 {
    px(index(below)).min(px(
        usize::try_from(random(index(below) as u64)).expect("fits")
    ))
}

#[test]
fn a_short_list_scrolls_1_to_1() {
    let mut scroll = VirtualScroll::new(1_000, ROW, VIEW);
    assert!((scroll.physical_height() - 44_000.0).abs() < 0.1);
    for top in [0.0, 1.0, 20_000.0, 43_300.0, 12.0] {
        assert!(!scroll.follow(top));
        assert!((scroll.top() - top).abs() < 0.1);
        assert!(scroll.offset().abs() < 0.1);
        assert_eq!(scroll.realign(), None);
    }
}

#[test]
fn the_physical_height_is_limited() {
    assert!((million_rows().physical_height() - MAX_PHYSICAL_HEIGHT).abs() < 0.1);
}

#[test]
fn small_steps_move_rows_1_to_1() {
    let mut scroll = million_rows();
    scroll.follow(7_000_000.0);
    let (top, row_top) = (scroll.top(), scroll.row_top(500_000));
    let mut physical_top = 7_000_000.0;
    for step in [1.0, 100.0, -40.0, 2_000.0, 3_999.0] {
        physical_top += step;
        scroll.follow(physical_top);
        assert!((scroll.row_top(500_000) - row_top).abs() < 0.01);
    }
    assert!((scroll.top() - top - (physical_top - 7_000_000.0)).abs() < 0.01);
}

#[test]
fn the_scroll_bar_reaches_the_first_and_the_last_row() {
    for rows in [1_000_000, 3_000_000, 50_000_000] {
        let mut scroll = VirtualScroll::new(rows, ROW, VIEW);
        scroll.follow(scroll.physical_height() - VIEW);
        assert_eq!(scroll.visible_rows(0).end, rows);
        assert!((scroll.row_top(rows - 1) + ROW - scroll.physical_height()).abs() < 0.01);
        scroll.follow(0.0);
        assert_eq!(scroll.visible_rows(0).start, 0);
        assert!(scroll.row_top(0).abs() < 0.01);
    }
}

#[test]
fn a_jump_goes_to_the_proportional_position() {
    let mut scroll = million_rows();
    scroll.follow((scroll.physical_height() - VIEW) / 2.0);
    let middle = scroll.visible_rows(0).start;
    assert!((499_000..501_000).contains(&middle), "{middle}");
}

#[test]
fn realigning_does_not_move_the_visible_rows() {
    let mut random = random_numbers(1);
    for _ in 0..2_000 {
        let mut scroll = million_rows();
        let mut physical_top = random_px(&mut random, scroll.physical_height() - VIEW);
        scroll.follow(physical_top);
        for _ in 0..random(50) {
            physical_top = (physical_top + random_px(&mut random, 4_000.0) - 2_000.0)
                .clamp(0.0, scroll.physical_height() - VIEW);
            scroll.follow(physical_top);
        }
        let (top, rows) = (scroll.top(), scroll.visible_rows(0));
        let on_screen = scroll.row_top(rows.start) - scroll.physical_top;
        scroll.realign();
        assert!((scroll.top() - top).abs() < f64::EPSILON);
        assert_eq!(scroll.visible_rows(0), rows);
        assert!((scroll.row_top(rows.start) - scroll.physical_top - on_screen).abs() < 0.01);
        assert_eq!(scroll.realign(), None, "one call is enough");
    }
}

/// Scrolls by `step` without pauses until nothing moves any more, like a mouse wheel.
fn scroll_to_end(scroll: &mut VirtualScroll, step: f64) {
    for _ in 0..2_000_000 {
        let before = scroll.top();
        let physical_top = (scroll.physical_top + step).clamp(0.0, scroll.max_physical_top());
        if scroll.follow(physical_top) {
            scroll.realign();
        }
        if (scroll.top() - before).abs() < f64::EPSILON {
            return;
        }
    }
    panic!("the end was never reached");
}

#[test]
fn a_mouse_wheel_reaches_both_ends() {
    let mut scroll = VirtualScroll::with_max_height(100_000, ROW, VIEW, 400_000.0);
    scroll.follow(200_000.0);
    scroll_to_end(&mut scroll, 120.0);
    assert_eq!(scroll.visible_rows(0).end, 100_000);
    assert!((scroll.top() - scroll.max_top()).abs() < 1.0);
    scroll_to_end(&mut scroll, -120.0);
    assert!(scroll.top().abs() < 1.0);
    assert!(scroll.physical_top.abs() < 1.0);
}

#[test]
fn near_the_ends_the_scale_is_1_to_1() {
    let mut scroll = million_rows();
    scroll.follow(300_000.0);
    assert!((scroll.top() - 300_000.0).abs() < 0.1);
    scroll.follow(scroll.physical_height() - VIEW - 300_000.0);
    assert!((scroll.max_top() - scroll.top() - 300_000.0).abs() < 0.1);
}

#[test]
fn the_view_is_always_filled() {
    let mut random = random_numbers(3);
    let mut scroll = million_rows();
    for _ in 0..20_000 {
        match random(4) {
            0 => {
                scroll.follow(random_px(&mut random, MAX_PHYSICAL_HEIGHT));
            }
            1 => {
                let physical_top = scroll.physical_top + random_px(&mut random, 2_000.0) - 1_000.0;
                if scroll.follow(physical_top) {
                    scroll.realign();
                }
            }
            2 => {
                scroll.scroll_row_into_view(usize::try_from(random(1_000_000)).expect("fits"));
            }
            _ => {
                scroll.realign();
            }
        }
        let rows = scroll.visible_rows(0);
        let top = scroll.row_top(rows.start);
        let bottom = scroll.row_top(rows.end - 1) + ROW;
        assert!(top <= scroll.physical_top + 0.01, "gap at the top");
        assert!(
            bottom >= scroll.physical_top + VIEW - 0.01,
            "gap at the bottom"
        );
        assert!(
            top > -ROW && bottom < MAX_PHYSICAL_HEIGHT + ROW,
            "outside the element"
        );
    }
}

#[test]
fn a_row_is_scrolled_into_view_by_the_shortest_distance() {
    let mut scroll = million_rows();
    assert_eq!(scroll.scroll_row_into_view(3), None);
    assert!(scroll.scroll_row_into_view(999_999).is_some());
    assert_eq!(scroll.visible_rows(0).end, 1_000_000);
    assert!(scroll.scroll_row_into_view(500_000).is_some());
    assert_eq!(scroll.visible_rows(0).start, 500_000);
    assert_eq!(scroll.scroll_row_into_view(500_001), None);
    assert!(scroll.scroll_row_into_view(0).is_some());
    assert!(scroll.top().abs() < f64::EPSILON);
}

#[test]
fn new_rows_do_not_move_the_view() {
    let mut scroll = VirtualScroll::new(1_000, ROW, VIEW);
    scroll.follow(20_000.0);
    for rows in [2_000, 300_000, 341_000, 1_000_000] {
        scroll.set_rows(rows);
        assert!((scroll.top() - 20_000.0).abs() < 0.01);
        assert!(scroll.offset().abs() < 0.01);
    }
    scroll.set_rows(10);
    assert!(scroll.top().abs() < 0.01);
}

#[test]
fn changing_the_row_height_keeps_the_first_visible_row() {
    let mut scroll = million_rows();
    scroll.scroll_row_into_view(400_000);
    let first = scroll.visible_rows(0).start;
    scroll.set_sizes(64.0, 500.0);
    assert_eq!(scroll.visible_rows(0).start, first);
}
