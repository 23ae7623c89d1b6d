//! `/`: a call of each type that gRPC has, and what passes in it.

mod breaks;
mod ends;
mod everybody;
mod types;

use frontdesk_e2e::{Browser, Desk, Outcome, until};

async fn open(desk: &Desk, call: &str) -> Outcome<Browser> {
    let browser = Browser::open(&desk.origin).await?;
    browser.visit(call).await?;
    browser.arrive_at("Greet somebody").await?;
    Ok(browser)
}

async fn say(browser: &Browser, name: &str) -> Outcome {
    let field = browser.the("textbox", "Name").await?;
    Ok(field.send_keys(&(name.to_owned() + "\n")).await?)
}

async fn within(browser: &Browser, seconds: &str) -> Outcome {
    let field = browser.the("textbox", "Deadline in seconds").await?;
    Ok(field.send_keys(seconds).await?)
}

async fn press(browser: &Browser, button: &str) -> Outcome {
    Ok(browser.the("button", button).await?.click().await?)
}

/// The first two columns of the log: `sent headers`.
async fn passed(browser: &Browser) -> Outcome<Vec<String>> {
    let passed = browser
        .run(
            "return [...document.querySelectorAll('[aria-labelledby=wire] li')].map(line =>
                [...line.children].slice(0, 2).map(it => it.textContent).join(' '))",
        )
        .await?;
    Ok(serde_json::from_value(passed)?)
}

/// Waits for the server's line about a call, which it writes when the call is over.
async fn told(desk: &Desk, method: &str, status: &str) -> Outcome {
    until("the server to hear of it", async || {
        let log = desk.log();
        let line = log.into_iter().find(|line| line.contains(method));
        if let Some(line) = &line {
            assert!(line.contains(status), "{line}");
        }
        Ok(line.map(drop))
    })
    .await
}

async fn press_link(browser: &Browser, link: &str) -> Outcome {
    Ok(browser.the("link", link).await?.click().await?)
}
