//! `/users`: the list of all users, received as a stream.

use fantoccini::{Locator, elements::Element, key::Key};
use frontdesk_e2e::{
    Browser, TestResult, TestServer,
    users_file::{FILE_USERS, INITIAL_USERS, UsersFile},
};

const ALL_USERS: usize = INITIAL_USERS + FILE_USERS;

#[tokio::test]
async fn twenty_thousand_imported_users_are_received_and_scrolled_to_the_end() -> TestResult {
    let file = UsersFile::write()?;
    let import = ["import".as_ref(), file.path().as_os_str()];
    let server = TestServer::start_after(&[&import]).await?;
    let browser = Browser::start(&server.origin).await?;
    browser.visit("/users").await?;
    browser.wait_for_heading("Directory").await?;

    let grid = browser.find_by_role("grid", "Users").await?;
    browser.wait_for_users(ALL_USERS).await?;
    let bars = browser.find_all_by_role("progressbar", |_| true).await?;
    assert!(bars.is_empty(), "a complete list has no progress bar");
    // Including the header row.
    assert_eq!(
        grid.attr("aria-rowcount").await?,
        Some((ALL_USERS + 1).to_string())
    );
    browser.wait_for_row(&grid, 1 + 1, "John Doe").await?;

    // By the scroll bar.
    browser.run(SCROLL_TO_THE_END).await?;
    browser
        .wait_for_row(&grid, ALL_USERS + 1, &file.last_name)
        .await?;
    assert!(
        rows(&grid).await? < 200,
        "rows outside the view are mounted"
    );

    // By keyboard.
    browser.tab_into_grid().await?;
    browser.press_with(&[Key::Control], Key::Home).await?;
    browser.wait_for_row(&grid, 1 + 1, "John Doe").await?;
    browser.press_with(&[Key::Control], Key::End).await?;
    browser
        .wait_for_row(&grid, ALL_USERS + 1, &file.last_name)
        .await?;

    browser.assert_no_problems().await
}

/// Scrolls the element that scrolls: a descendant or an ancestor of the grid, or the page.
const SCROLL_TO_THE_END: &str = "
    let scroller = document.querySelector('[role=grid]');
    const scrolls = element => element.scrollHeight > element.clientHeight + 1
        && /auto|scroll/.test(getComputedStyle(element).overflowY);
    const inside = [...scroller.querySelectorAll('*')].find(scrolls);
    while (scroller && !scrolls(scroller)) scroller = scroller.parentElement;
    scroller = inside ?? scroller ?? document.scrollingElement;
    scroller.scrollTop = scroller.scrollHeight;
";

async fn rows(grid: &Element) -> TestResult<usize> {
    Ok(grid.find_all(Locator::Css("[role=row], tr")).await?.len())
}
