//! axe-core finds nothing, on no page, in neither scheme.

use frontdesk_e2e::{Browser, Desk, Outcome, people::ALREADY_THERE};

#[tokio::test]
async fn axe_finds_nothing_in_the_light_scheme() -> Outcome {
    every_page_is_accessible("light").await
}

#[tokio::test]
async fn axe_finds_nothing_in_the_dark_scheme() -> Outcome {
    every_page_is_accessible("dark").await
}

#[tokio::test]
async fn the_scheme_that_was_chosen_is_remembered() -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.prefer("light").await?;
    browser.visit("/").await?;
    let light = background(&browser).await?;

    browser.the("radiogroup", "Colour scheme").await?;
    browser.the("radio", "Dark").await?.click().await?;
    let dark = background(&browser).await?;
    assert_ne!(light, dark);
    browser
        .assert_accessible("the dark scheme by choice")
        .await?;

    browser.visit("/users").await?;
    assert!(browser.the("radio", "Dark").await?.is_selected().await?);
    assert_eq!(background(&browser).await?, dark);
    Ok(())
}

async fn every_page_is_accessible(scheme: &str) -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.prefer(scheme).await?;

    browser.visit("/").await?;
    browser.arrive_at("Greet somebody").await?;
    browser.assert_accessible("the greeting").await?;
    browser
        .the("textbox", "Name")
        .await?
        .send_keys("Ada\n")
        .await?;
    browser.shows("Hello, Ada!").await?;
    browser
        .assert_accessible("a greeting that was given")
        .await?;

    browser.visit("/users").await?;
    browser.received(ALREADY_THERE).await?;
    browser.assert_accessible("the directory").await?;

    browser.visit("/users/1").await?;
    browser.arrive_at("John Doe").await?;
    browser.assert_accessible("one user").await?;

    browser.visit("/no/such/page").await?;
    browser.arrive_at("Nothing here").await?;
    browser
        .assert_accessible("the page of what is not there")
        .await?;

    browser.assert_quiet().await
}

async fn background(browser: &Browser) -> Outcome<String> {
    let colour = browser
        .run("return getComputedStyle(document.documentElement).backgroundColor")
        .await?;
    Ok(colour.as_str().unwrap_or_default().to_owned())
}
