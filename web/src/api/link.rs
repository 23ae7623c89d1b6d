//! Whether the server can be reached.

use frontdesk_transport::client::Timer;
use futures_util::future::{Either, select};
use js_sys::{Function, Promise};
use leptos::{ev, prelude::*, task::spawn_local};
use tonic::Status;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestCache, RequestInit, Response, VisibilityState};

use super::{Failure, failure};
use crate::model::backoff;

/// A server that is there says so within this.
const PATIENCE_MS: f64 = 5_000.0;

/// Asks `/readyz` now and then, soon again after a failure, at once when the network or the
/// person comes back, and not while nobody looks.
#[derive(Clone, Copy)]
pub struct Link {
    gone: RwSignal<bool>,
    returns: RwSignal<u32>,
    /// Ends the present wait.
    nudge: StoredValue<Option<Function>, LocalStorage>,
    /// Whether there was a reason to ask while it was being asked.
    again: StoredValue<bool>,
}

impl Link {
    /// Watches the server at `origin` for as long as the present owner lives.
    pub(super) fn watch(origin: &str) -> Self {
        let link = Self {
            gone: RwSignal::new(false),
            returns: RwSignal::new(0),
            nudge: StoredValue::new_local(None),
            again: StoredValue::new(false),
        };
        spawn_local(link.keep_watch(origin.to_owned() + "/readyz"));
        let online = window_event_listener(ev::online, move |_| link.ask_now());
        let looked_at = window_event_listener(ev::visibilitychange, move |_| {
            if !is_hidden() {
                link.ask_now();
            }
        });
        on_cleanup(move || {
            online.remove();
            looked_at.remove();
        });
        link
    }

    /// Whether the server was not there when it was last asked.
    #[must_use]
    pub fn is_gone(&self) -> ReadSignal<bool> {
        self.gone.read_only()
    }

    /// How often the server has come back: what failed for want of it may be tried again.
    #[must_use]
    pub fn returns(&self) -> ReadSignal<u32> {
        self.returns.read_only()
    }

    /// Asks now instead of later.
    pub(super) fn ask_now(self) {
        match self.nudge.try_update_value(Option::take).flatten() {
            Some(nudge) => _ = nudge.call0(&JsValue::NULL),
            // It is being asked just now, and may answer what was true before: once more, then.
            None => _ = self.again.try_set_value(true),
        }
    }

    /// What `status` means. One that never came from the server has it asked whether it is there.
    pub(super) fn learn_from(self, status: &Status) -> Failure {
        let failure = failure::from_status(status);
        if failure.may_pass() {
            self.ask_now();
        }
        failure
    }

    async fn keep_watch(self, url: String) {
        let mut failures = 0_u32;
        loop {
            // An owner that is gone has taken the signals along.
            if self.gone.try_get_untracked().is_none() {
                return;
            }
            self.wait(backoff::wait_ms(failures, js_sys::Math::random()))
                .await;
            if is_hidden() {
                continue;
            }
            let there = is_ready(&url).await;
            failures = if there { 0 } else { failures.saturating_add(1) };
            self.learn(there);
        }
    }

    fn learn(self, there: bool) {
        let was_gone = self.gone.try_get_untracked().unwrap_or_default();
        if was_gone == there {
            self.gone.try_set(!there);
        }
        if was_gone && there {
            self.returns.try_update(|returns| *returns += 1);
        }
    }

    /// Waits `ms`, or until [`Link::ask_now`]; while nobody looks, for that alone.
    async fn wait(self, ms: f64) {
        let again = self.again.try_update_value(std::mem::take);
        if again.unwrap_or_default() {
            return;
        }
        let nudged = Promise::new(&mut |resolve, _| {
            self.nudge.try_set_value(Some(resolve));
        });
        let nudged = JsFuture::from(nudged);
        if is_hidden() {
            _ = nudged.await;
        } else {
            select(nudged, Timer::after(ms)).await;
        }
        // A nudge that is left over would end nothing any more.
        self.nudge.try_set_value(None);
    }
}

fn is_hidden() -> bool {
    document().visibility_state() == VisibilityState::Hidden
}

/// Whether the server says in time that it is ready.
async fn is_ready(url: &str) -> bool {
    let Ok(controller) = AbortController::new() else {
        return false;
    };
    let init = RequestInit::new();
    init.set_cache(RequestCache::NoStore);
    init.set_signal(Some(&controller.signal()));
    let answer = JsFuture::from(window().fetch_with_str_and_init(url, &init));
    match select(answer, Timer::after(PATIENCE_MS)).await {
        Either::Left((Ok(answer), _)) => answer.unchecked_into::<Response>().ok(),
        Either::Left((Err(_), _)) => false,
        Either::Right(_) => {
            controller.abort();
            false
        }
    }
}
