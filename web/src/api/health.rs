//! Monitors whether the server can be reached.

use frontdesk_transport::{client::Timer, retry};
use futures_util::future::{Either, select};
use js_sys::{Function, Promise};
use leptos::{ev, prelude::*, task::spawn_local};
use tonic::Status;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestCache, RequestInit, Response, VisibilityState};

use super::status;
use crate::state::error::Error;

/// While the server is reachable.
const CHECK_INTERVAL_MS: f64 = 4_000.0;
/// While it is not.
const MAX_RETRY_INTERVAL_MS: f64 = 8_000.0;
const CHECK_TIMEOUT_MS: f64 = 5_000.0;

/// Requests `/readyz` at intervals: with back-off after a failure, at once when the network is back
/// or the page becomes visible, and never while it is hidden.
#[derive(Clone, Copy)]
pub struct ServerHealth {
    is_unreachable: RwSignal<bool>,
    recoveries: RwSignal<u32>,
    /// Ends the current wait.
    wake: StoredValue<Option<Function>, LocalStorage>,
    /// Whether a check was requested during a check.
    check_again: StoredValue<bool>,
}

impl ServerHealth {
    /// Monitors the server at `origin` for as long as the current owner lives.
    pub(super) fn monitor(origin: &str) -> Self {
        let health = Self {
            is_unreachable: RwSignal::new(false),
            recoveries: RwSignal::new(0),
            wake: StoredValue::new_local(None),
            check_again: StoredValue::new(false),
        };
        spawn_local(health.run(origin.to_owned() + "/readyz"));
        let online = window_event_listener(ev::online, move |_| health.check_now());
        let visible = window_event_listener(ev::visibilitychange, move |_| {
            if !is_hidden() {
                health.check_now();
            }
        });
        on_cleanup(move || {
            online.remove();
            visible.remove();
        });
        health
    }

    /// Whether the last check failed.
    pub fn is_unreachable(self) -> ReadSignal<bool> {
        self.is_unreachable.read_only()
    }

    /// How often the server became reachable again. A change is the time to retry failed calls.
    pub fn recoveries(self) -> ReadSignal<u32> {
        self.recoveries.read_only()
    }

    pub(super) fn check_now(self) {
        match self.wake.try_update_value(Option::take).flatten() {
            Some(wake) => _ = wake.call0(&JsValue::NULL),
            // The check in progress may have missed the reason for this one.
            None => _ = self.check_again.try_set_value(true),
        }
    }

    /// Converts a status, and checks the server if the error may be due to an outage.
    pub(super) fn to_error(self, status: &Status) -> Error {
        let error = status::to_error(status);
        if error.is_retryable() {
            self.check_now();
        }
        error
    }

    async fn run(self, url: String) {
        let mut failures = 0_u32;
        // The signals are disposed with their owner.
        while self.is_unreachable.try_get_untracked().is_some() {
            let interval_ms = if failures == 0 {
                CHECK_INTERVAL_MS
            } else {
                retry::backoff_ms(failures, js_sys::Math::random()).min(MAX_RETRY_INTERVAL_MS)
            };
            self.wait(interval_ms).await;
            if is_hidden() {
                continue;
            }
            let is_reachable = is_ready(&url).await;
            failures = if is_reachable {
                0
            } else {
                failures.saturating_add(1)
            };
            self.update(is_reachable);
        }
    }

    fn update(self, is_reachable: bool) {
        let was_unreachable = self.is_unreachable.try_get_untracked().unwrap_or_default();
        if was_unreachable == is_reachable {
            self.is_unreachable.try_set(!is_reachable);
        }
        if was_unreachable && is_reachable {
            self.recoveries.try_update(|recoveries| *recoveries += 1);
        }
    }

    /// Waits for `ms` or until [`ServerHealth::check_now`]; only for the latter while the page is
    /// hidden.
    async fn wait(self, ms: f64) {
        let check_again = self.check_again.try_update_value(std::mem::take);
        if check_again.unwrap_or_default() {
            return;
        }
        let woken = Promise::new(&mut |resolve, _| {
            self.wake.try_set_value(Some(resolve));
        });
        let woken = JsFuture::from(woken);
        if is_hidden() {
            _ = woken.await;
        } else {
            select(woken, Timer::after(ms)).await;
        }
        self.wake.try_set_value(None);
    }
}

fn is_hidden() -> bool {
    document().visibility_state() == VisibilityState::Hidden
}

async fn is_ready(url: &str) -> bool {
    let Ok(controller) = AbortController::new() else {
        return false;
    };
    let init = RequestInit::new();
    init.set_cache(RequestCache::NoStore);
    init.set_signal(Some(&controller.signal()));
    let response = JsFuture::from(window().fetch_with_str_and_init(url, &init));
    match select(response, Timer::after(CHECK_TIMEOUT_MS)).await {
        Either::Left((Ok(response), _)) => response.unchecked_into::<Response>().ok(),
        Either::Left((Err(_), _)) => false,
        Either::Right(_) => {
            controller.abort();
            false
        }
    }
}
