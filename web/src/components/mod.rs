//! What pages are made of: signals in, callbacks out. No access to the server.

pub(crate) mod announcement;
pub(crate) mod banner;
pub(crate) mod call_type_switch;
mod color_scheme;
pub(crate) mod heading;
pub(crate) mod list_progress;
mod log_list;
mod mounted_rows;
pub(crate) mod name_form;
pub(crate) mod navigation;
pub(crate) mod pager;
pub(crate) mod reactive;
pub(crate) mod shell;
pub(crate) mod states;
pub(crate) mod transcript;
pub(crate) mod user_card;
pub(crate) mod user_grid;
pub(crate) mod view_slot;
pub(crate) mod wire_log;
