//! The grid of users, and what the page shows and announces.

use fantoccini::{Locator, elements::Element, key::Key};

use crate::{TestResult, browser::Browser, wait::until};

impl Browser {
    /// Waits until the row with `aria-rowindex` `index` is visible and contains `name`.
    pub async fn wait_for_row(
        &self,
        grid: &Element,
        index: usize,
        name: &str,
    ) -> TestResult<Element> {
        until(&format!("row {index}, {name}"), async || {
            let row = grid
                .find(Locator::Css(&format!("[aria-rowindex='{index}']")))
                .await?;
            let found = row.text().await?.contains(name) && row.is_displayed().await?;
            Ok(found.then_some(row))
        })
        .await
    }

    /// Waits until the page announces that `count` users have been received.
    pub async fn wait_for_users(&self, count: usize) -> TestResult {
        let script = format!("return ({count}).toLocaleString('en')");
        let grouped = self.run(&script).await?;
        let grouped = grouped.as_str().ok_or("not a string")?;
        self.wait_for_announcement(&format!("{grouped} users received."))
            .await
    }

    /// Waits until a live region contains `text`.
    pub async fn wait_for_announcement(&self, text: &str) -> TestResult {
        until(&format!("the announcement `{text}`"), async || {
            let announced = self.run(LIVE_REGIONS).await?;
            Ok(announced
                .as_str()
                .is_some_and(|announced| announced.contains(text))
                .then_some(()))
        })
        .await
    }

    /// Waits until the page contains the visible text `text`.
    pub async fn wait_for_text(&self, text: &str) -> TestResult {
        until(&format!("`{text}`"), async || {
            let body = self.find(Locator::Css("body")).await?.text().await?;
            Ok(body.contains(text).then_some(()))
        })
        .await
    }

    /// Presses Tab until the focus is in the grid.
    pub async fn tab_into_grid(&self) -> TestResult {
        const IS_INSIDE: &str = "return document.activeElement.closest('[role=grid]') !== null";
        until("the focus in the grid", async || {
            self.press(Key::Tab).await?;
            let is_inside = self.run(IS_INSIDE).await?;
            Ok((is_inside == true).then_some(()))
        })
        .await
    }
}

const LIVE_REGIONS: &str = "
    const regions = document.querySelectorAll('[role=status], [role=alert], output');
    return [...regions].map(region => region.textContent).join('\\n');
";
