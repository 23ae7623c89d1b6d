//! `/users`: everybody streams in, and can be scrolled to.

use fantoccini::{Locator, elements::Element, key::Key};

use frontdesk_e2e::{
    Browser, Desk, Outcome,
    people::{ALREADY_THERE, IMPORTED, PeopleFile},
};

const EVERYBODY: usize = ALREADY_THERE + IMPORTED;

#[tokio::test]
async fn twenty_thousand_imported_people_stream_in_and_are_scrolled_to_the_end() -> Outcome {
    let people = PeopleFile::write()?;
    let import = ["import".as_ref(), people.path().as_os_str()];
    let desk = Desk::open_with(&[&import]).await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.visit("/users").await?;
    browser.arrive_at("Directory").await?;

    let grid = browser.the("grid", "People").await?;
    browser.received(EVERYBODY).await?;
    let bars = browser.all("progressbar", |_| true).await?;
    assert!(bars.is_empty(), "a bar of what is all there");
    // The row of headings counts as one.
    assert_eq!(
        grid.attr("aria-rowcount").await?,
        Some((EVERYBODY + 1).to_string())
    );
    browser.row(&grid, 1 + 1, "John Doe").await?;

    // By the scroll bar: as far down as the element goes.
    browser.run(SCROLL_TO_THE_END).await?;
    browser.row(&grid, EVERYBODY + 1, &people.last).await?;
    assert!(rows(&grid).await? < 200, "rows out of view are in the page");

    // By the keyboard: to the first and to the last.
    browser.tab_into_grid().await?;
    browser.press_with(&[Key::Control], Key::Home).await?;
    browser.row(&grid, 1 + 1, "John Doe").await?;
    browser.press_with(&[Key::Control], Key::End).await?;
    browser.row(&grid, EVERYBODY + 1, &people.last).await?;

    browser.assert_quiet().await
}

/// Scrolls whatever scrolls the grid, be it the grid, a parent of it or the page.
const SCROLL_TO_THE_END: &str = "
    let scroller = document.querySelector('[role=grid]');
    const scrolls = element => element.scrollHeight > element.clientHeight + 1
        && /auto|scroll/.test(getComputedStyle(element).overflowY);
    const inside = [...scroller.querySelectorAll('*')].find(scrolls);
    while (scroller && !scrolls(scroller)) scroller = scroller.parentElement;
    scroller = inside ?? scroller ?? document.scrollingElement;
    scroller.scrollTop = scroller.scrollHeight;
";

async fn rows(grid: &Element) -> Outcome<usize> {
    Ok(grid.find_all(Locator::Css("[role=row], tr")).await?.len())
}
