//! The grid of people, as a visitor sees it fill.

use fantoccini::{Locator, elements::Element, key::Key};

use crate::{Outcome, browser::Browser, wait::until};

impl Browser {
    /// Waits until the row numbered `index` is in view and names somebody.
    pub async fn row(&self, grid: &Element, index: usize, name: &str) -> Outcome<Element> {
        until(&format!("row {index}, {name}"), async || {
            let row = grid
                .find(Locator::Css(&format!("[aria-rowindex='{index}']")))
                .await?;
            let found = row.text().await?.contains(name) && row.is_displayed().await?;
            Ok(found.then_some(row))
        })
        .await
    }

    /// Waits until the page says that it has got `all`.
    pub async fn received(&self, all: usize) -> Outcome {
        until(&format!("{all} people"), async || {
            let grid = self.the("grid", "People").await?;
            let count = grid.attr("aria-rowcount").await?;
            let busy = grid.attr("aria-busy").await?;
            let there = count == Some((all + 1).to_string()) && busy.as_deref() != Some("true");
            Ok(there.then_some(()))
        })
        .await
    }

    /// Waits until the page says `text` somewhere.
    pub async fn shows(&self, text: &str) -> Outcome {
        until(&format!("«{text}»"), async || {
            let shown = self.find(Locator::Css("body")).await?.text().await?;
            Ok(shown.contains(text).then_some(()))
        })
        .await
    }

    /// Goes on with Tab until the focus is in the grid, wherever in it that may be.
    pub async fn tab_into_grid(&self) -> Outcome {
        const INSIDE: &str = "return document.activeElement.closest('[role=grid]') !== null";
        until("the focus in the grid", async || {
            self.press(Key::Tab).await?;
            let inside = self.run(INSIDE).await?;
            Ok((inside == true).then_some(()))
        })
        .await
    }
}
