//! The whole, from the visitor's side: each test has a server, a directory and a browser profile
//! of its own, and finds things as people do, by what they are and what they are called.

mod accessibility;
mod axe;
mod browser;
mod desk;
mod directory;
mod driver;
mod greeting;
mod grid;
mod keyboard;
mod keys;
mod links;
mod people;
mod quiet;
mod recovery;
mod roles;
mod stop;
mod wait;

/// What a test ends with: errors are those of the driver, what is tested is asserted.
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The value of a variable that `cargo xtask test browser` sets.
fn given(name: &str) -> Outcome<String> {
    std::env::var(name)
        .map_err(|_| format!("{name} is not set: run this by `cargo xtask test browser`").into())
}
