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

    /// Waits until the page says, to those who don't see it, too, that `all` have come in.
    pub async fn received(&self, all: usize) -> Outcome {
        self.says(&format!("{} people received.", grouped(all)))
            .await
    }

    /// Waits until `text` is in one of the places whose changes assistive technology reads out.
    pub async fn says(&self, text: &str) -> Outcome {
        until(&format!("the announcement «{text}»"), async || {
            let said = self.run(SAID).await?;
            Ok(said
                .as_str()
                .is_some_and(|said| said.contains(text))
                .then_some(()))
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

const SAID: &str = "
    const places = document.querySelectorAll('[role=status], [role=alert], output');
    return [...places].map(place => place.textContent).join('\\n');
";

/// A number as the page writes it: `20,000`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
