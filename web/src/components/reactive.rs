//! Reactive closures of one type.

use std::sync::{Arc, Mutex};

use leptos::tachys::reactive_graph::SharedReactiveFunction;

/// A text, attribute or view that follows the signals it reads. Leptos' code for reactive closures
/// is generic over the closure; with this type it is compiled once, not for each of the dozens of
/// closures in the page.
pub(crate) fn reactive<T>(read: impl FnMut() -> T + Send + 'static) -> SharedReactiveFunction<T> {
    Arc::new(Mutex::new(read))
}
