//! End-to-end tests: the server binary with the embedded page, in a real browser driven by
//! `WebDriver`. The tests are in `tests/browser/`; this library drives server and browser.
//!
//! It is a separate crate because it uses no type of the server or the page, and so that neither has
//! to compile a `WebDriver` client. The benchmarks of the page (`bench/`) use it, too.
//!
//! | module | job |
//! |---|---|
//! | [`test_server`] | the server with its own data directory |
//! | [`browser`], [`driver`] | a browser with an empty profile, and chromedriver |
//! | [`roles`] | finding elements by role and accessible name |
//! | [`keys`], [`network`] | keyboard input; bandwidth and bytes transferred |
//! | [`grid`] | the grid of users; visible text and announcements |
//! | [`problems`], [`axe`] | console messages, foreign requests, policy violations; accessibility |
//! | [`users_file`] | a CSV file to import |
//! | [`wait`] | waiting for a condition |
//!
//! `cargo xtask test browser` builds everything, runs the tests, and sets:
//!
//! | variable | value |
//! |---|---|
//! | `FRONTDESK_BINARY` | path of the binary `frontdesk` with the embedded page |
//! | `FRONTDESK_AXE` | path of axe-core's script |
//! | `CHROME`, `CHROME_FLAGS` | path of Chromium and its flags |
//! | `CHROMEDRIVER` | path of chromedriver |

#![allow(
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    reason = "only used by tests and benchmarks: errors are the driver's, panics are assertions"
)]

pub mod axe;
pub mod browser;
pub mod driver;
pub mod grid;
pub mod keys;
pub mod network;
pub mod problems;
pub mod roles;
pub mod test_server;
pub mod users_file;
pub mod wait;

pub use self::{browser::Browser, test_server::TestServer, wait::until};

/// Errors are the driver's; what is tested is asserted.
pub type TestResult<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// A variable set by `cargo xtask test browser`.
pub fn env_var(name: &str) -> TestResult<String> {
    std::env::var(name)
        .map_err(|_| format!("{name} is not set: run `cargo xtask test browser`").into())
}
