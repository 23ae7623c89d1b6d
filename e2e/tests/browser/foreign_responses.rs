//! What answers is not the desk, and the page says so.

use frontdesk_e2e::{Browser, Desk, Outcome};

#[tokio::test]
async fn what_answers_in_the_desks_stead_is_told_from_nobody() -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    for (http, status, title) in [
        (
            404,
            "Status 12 UNIMPLEMENTED after ",
            "What answers at this address is not Frontdesk.",
        ),
        (
            403,
            "Status 7 PERMISSION_DENIED after ",
            "Calls from this page are not allowed.",
        ),
        (
            401,
            "Status 16 UNAUTHENTICATED after ",
            "Something on the way asks for a sign-in.",
        ),
        (
            503,
            "Status 14 UNAVAILABLE after ",
            "This did not come through.",
        ),
    ] {
        let answer =
            format!("'<p>', {{ status: {http}, headers: {{ 'content-type': 'text/html' }} }}");
        greeted_by(&browser, &answer).await?;
        browser.says(status).await?;
        browser.says(title).await?;
    }
    browser.assert_quiet().await
}

#[tokio::test]
async fn an_answer_that_is_no_frames_is_not_taken_for_none() -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    // gRPC-Web has no frames of this type.
    let answer = "Uint8Array.of(2, 0, 0, 0, 0), { headers: { 'content-type': 'application/grpc-web+proto' } }";
    greeted_by(&browser, answer).await?;
    browser.says("Status 13 INTERNAL after ").await?;
    browser.says("The answer can't be read.").await?;
    browser.assert_quiet().await
}

/// Asks to be greeted, and gets `answer` instead: what makes a `Response`.
async fn greeted_by(browser: &Browser, answer: &str) -> Outcome {
    browser.visit("/").await?;
    browser.arrive_at("Greet somebody").await?;
    let script = format!(
        "const ask = window.fetch;
         window.fetch = (request, ...more) => (request.url ?? request).endsWith('/SayHello')
             ? Promise.resolve(new Response({answer}))
             : ask(request, ...more);"
    );
    browser.run(&script).await?;
    let name = browser.the("textbox", "Name").await?;
    Ok(name.send_keys("Ada\n").await?)
}
