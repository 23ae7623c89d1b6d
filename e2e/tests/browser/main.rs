//! Each test has its own server, directory and browser profile, and finds elements by role and
//! accessible name.

mod accessibility;
mod calls;
mod directory;
mod foreign_responses;
mod greeting;
mod keyboard;
mod narrow_windows;
mod navigation;
mod problems;
mod server_restart;
mod stop_list;
