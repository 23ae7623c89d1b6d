//! The whole, from the visitor's side: each test has a server, a directory and a browser profile
//! of its own, and finds things as people do, by what they are and what they are called.

mod accessibility;
mod calls;
mod directory;
mod foreign;
mod greeting;
mod keyboard;
mod links;
mod narrow;
mod noise;
mod recovery;
mod stop;
