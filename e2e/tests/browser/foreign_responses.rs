//! Responses that do not come from a Frontdesk server.

use frontdesk_e2e::{Browser, TestResult, TestServer};

#[tokio::test]
async fn a_response_that_is_not_grpc_is_reported_with_its_reason() -> TestResult {
    let server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    for (http_status, status, title) in [
        (
            404,
            "Status 12 UNIMPLEMENTED after ",
            "The server at this address is not Frontdesk.",
        ),
        (
            403,
            "Status 7 PERMISSION_DENIED after ",
            "Calls from this page are not allowed.",
        ),
        (
            401,
            "Status 16 UNAUTHENTICATED after ",
            "A proxy requires you to sign in.",
        ),
        (
            503,
            "Status 14 UNAVAILABLE after ",
            "Can't reach the server.",
        ),
    ] {
        let response = format!(
            "'<p>', {{ status: {http_status}, headers: {{ 'content-type': 'text/html' }} }}"
        );
        greet_with_response(&browser, &response).await?;
        browser.wait_for_announcement(status).await?;
        browser.wait_for_announcement(title).await?;
    }
    browser.assert_no_problems().await
}

#[tokio::test]
async fn an_invalid_frame_is_not_reported_as_an_unreachable_server() -> TestResult {
    let server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    // gRPC-Web has no frame type 2.
    let response = "Uint8Array.of(2, 0, 0, 0, 0), { headers: { 'content-type': 'application/grpc-web+proto' } }";
    greet_with_response(&browser, response).await?;
    browser
        .wait_for_announcement("Status 13 INTERNAL after ")
        .await?;
    browser
        .wait_for_announcement("The reply could not be read.")
        .await?;
    browser.assert_no_problems().await
}

/// Sends a name; the call gets a `Response` with the constructor arguments `response`.
async fn greet_with_response(browser: &Browser, response: &str) -> TestResult {
    browser.visit("/").await?;
    browser.wait_for_heading("Greet").await?;
    let script = format!(
        "const originalFetch = window.fetch;
         window.fetch = (request, ...more) => (request.url ?? request).endsWith('/SayHello')
             ? Promise.resolve(new Response({response}))
             : originalFetch(request, ...more);"
    );
    browser.run(&script).await?;
    let name = browser.find_by_role("textbox", "Name").await?;
    Ok(name.send_keys("Ada\n").await?)
}
