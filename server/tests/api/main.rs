//! Black-box tests: every test starts its own server and calls it as a client.

mod assets;
mod changes;
mod durability;
mod greeter;
mod health;
mod helpers;
mod imports;
mod limits;
mod lists;
mod logs;
mod reflection;
mod settings;
mod shutdown;
mod statuses;
mod transport;
mod users;
mod watch;
