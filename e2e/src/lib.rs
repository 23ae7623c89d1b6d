//! Frontdesk as people use it: the finished binary and a real browser, driven by `WebDriver`.
//!
//! There is nothing here but `tests/browser/`. It is a package of its own, because it is about
//! neither the server nor the page but about both of them together, as they are given away: it
//! starts the binary with the page in it and knows no type of either. In `server/tests/` it would
//! make every change of the server compile a browser's driver; in `web/tests/` everything is
//! compiled for the browser.
//!
//! `cargo xtask test browser` builds what is needed and runs it. What it hands over:
//!
//! | variable | what |
//! |---|---|
//! | `FRONTDESK_BINARY` | the binary `frontdesk`, with the page in it |
//! | `FRONTDESK_AXE` | axe-core's script |
//! | `CHROME`, `CHROME_FLAGS` | Chromium and the flags to start it with |
//! | `CHROMEDRIVER` | its driver |
