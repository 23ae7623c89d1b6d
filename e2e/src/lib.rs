//! Frontdesk as people use it: the finished binary and a real browser, driven by `WebDriver`.
//!
//! Here is what drives them; the tests are in `tests/browser/`. It is a package of its own, because
//! it is about neither the server nor the page but about both of them together, as they are given
//! away: it starts the binary with the page in it and knows no type of either. In `server/tests/`
//! it would make every change of the server compile a browser's driver; in `web/tests/` everything
//! is compiled for the browser. The figures of a page (`bench/`) are measured through it, too.
//!
//! | module | what |
//! |---|---|
//! | [`desk`] | the server, with a directory of its own |
//! | [`browser`], [`driver`] | a browser with an empty profile, and chromedriver |
//! | [`roles`] | finding things by what they are and what they are called |
//! | [`keys`], [`network`] | the keyboard; a slow network |
//! | [`grid`] | the people in the directory |
//! | [`quiet`], [`axe`] | what nobody may see; what keeps people from using a page |
//! | [`wait`] | waiting for something to become true |
//!
//! `cargo xtask test browser` builds what is needed and runs the tests. What it hands over:
//!
//! | variable | what |
//! |---|---|
//! | `FRONTDESK_BINARY` | the binary `frontdesk`, with the page in it |
//! | `FRONTDESK_AXE` | axe-core's script |
//! | `CHROME`, `CHROME_FLAGS` | Chromium and the flags to start it with |
//! | `CHROMEDRIVER` | its driver |

#![expect(
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    reason = "all of it is for tests: an error is the driver's, a panic is what was tested"
)]

pub mod axe;
pub mod browser;
pub mod desk;
pub mod driver;
pub mod grid;
pub mod keys;
pub mod network;
pub mod people;
pub mod quiet;
pub mod roles;
pub mod wait;

pub use self::{browser::Browser, desk::Desk, wait::until};

/// What a test ends with: errors are those of the driver, what is tested is asserted.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The value of a variable that `cargo xtask test browser` sets.
pub fn given(name: &str) -> Outcome<String> {
    std::env::var(name)
        .map_err(|_| format!("{name} is not set: run this by `cargo xtask test browser`").into())
}
