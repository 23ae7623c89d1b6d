//! The directory page by page: the ways between pages, and the choice to have it so at all.

use leptos::prelude::*;

use super::{built::built, live::live};
use crate::model::{
    address::{Page, SIZES, USUAL_SIZE, View},
    number,
};

/// All at once, or page by page.
#[component]
pub(crate) fn ViewSwitch(now: Memo<View>) -> impl IntoView {
    let first = View::Page(Page {
        number: 1,
        size: USUAL_SIZE,
    });
    let current = move |all: bool| ((now.get() == View::All) == all).then_some("true");
    view! {
        <nav class="switch" aria-label="How to show the directory">
            <a class="switch__link" href="/users" aria-current=live(move || current(true))>
                "All at once"
            </a>
            <a class="switch__link" href=first.path() aria-current=live(move || current(false))>
                "Pages"
            </a>
        </nav>
    }
}

/// First, previous, next, last, and how many a page.
#[component]
pub(crate) fn Pager(
    page: Memo<Page>,
    /// How many people there are, once that is known.
    #[prop(into)]
    total: Callback<(), Option<u64>>,
    /// Called with the address of the page to go to.
    #[prop(into)]
    on_go: Callback<String>,
) -> impl IntoView {
    let last = move || total.run(()).map(|total| page.get().last(total));
    let way = move |text: &'static str, to: fn(u32, u32) -> u32| {
        let target = move || {
            let now = page.get().number;
            let last = last().unwrap_or(now);
            let to = to(now, last);
            (to >= 1 && to != now && to <= last.max(now)).then(|| page.get().at(to).path())
        };
        view! {
            <a
                class="button pager__way"
                href=live(target)
                role="link"
                tabindex="0"
                aria-disabled=live(move || target().is_none().then_some("true"))
                data-noscroll
            >
                {text}
            </a>
        }
    };
    let words = move || {
        let mut words = String::from("Page ");
        words.push_str(&number::grouped(page.get().number.into()));
        if let Some(last) = last() {
            words.push_str(" of ");
            words.push_str(&number::grouped(last.into()));
        }
        words
    };
    view! {
        <nav class="pager" aria-label="Pages">
            {way("First", |_, _| 1)}
            {way("Previous", |now, last| (now - 1).min(last))}
            <p class="pager__words">{live(words)}</p>
            {way("Next", |now, _| now + 1)}
            {way("Last", |_, last| last)}
            <SizeSelect page on_go />
        </nav>
    }
}

#[component]
fn SizeSelect(page: Memo<Page>, on_go: Callback<String>) -> impl IntoView {
    let options = move || {
        let now = page.get().size;
        let odd = (!SIZES.contains(&now)).then_some(now);
        built(
            odd.into_iter()
                .chain(SIZES)
                .map(|size| {
                    view! {
                        <option value=size.to_string() selected=size == now>
                            {number::grouped(size.into())}
                        </option>
                    }
                })
                .collect_view(),
        )
    };
    let choose = move |event| {
        if let Ok(size) = event_target_value(&event).parse() {
            on_go.run(page.get_untracked().sized(size).path());
        }
    };
    view! {
        <label class="pager__size">
            "Per page"
            <select class="select" on:change=choose>
                {live(options)}
            </select>
        </label>
    }
}
