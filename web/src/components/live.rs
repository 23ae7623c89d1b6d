//! What changes, in one type for all.
//!
//! A closure in a view makes code of its own for all that is done with it, and a page has dozens.
//! Behind one type the code is there once.

use std::sync::{Arc, Mutex};

use leptos::tachys::reactive_graph::SharedReactiveFunction;

/// A text, an attribute or a piece of a view that follows the signals that it reads.
pub(crate) fn live<T>(read: impl FnMut() -> T + Send + 'static) -> SharedReactiveFunction<T> {
    Arc::new(Mutex::new(read))
}
