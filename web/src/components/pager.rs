use leptos::prelude::*;

use super::{reactive::reactive, view_slot::view_slot};
use crate::state::{
    format::group_digits,
    list_view::{DEFAULT_PAGE_SIZE, ListView, PAGE_SIZES, Page},
};

/// Switches between the whole list and pages.
#[component]
pub(crate) fn ViewSwitch(view: Memo<ListView>) -> impl IntoView {
    let first = ListView::Page(Page {
        number: 1,
        size: DEFAULT_PAGE_SIZE,
    });
    let current = move |all: bool| ((view.get() == ListView::All) == all).then_some("true");
    view! {
        <nav class="link-switch" aria-label="How to show the directory">
            <a class="link-switch__link" href="/users" aria-current=reactive(move || current(true))>
                "All at once"
            </a>
            <a class="link-switch__link" href=first.path() aria-current=reactive(move || current(false))>
                "Pages"
            </a>
        </nav>
    }
}

/// Links to the first, previous, next and last page, and the page size.
#[component]
pub(crate) fn Pager(
    page: Memo<Page>,
    /// The number of users in the directory, once it is known.
    #[prop(into)]
    total: Callback<(), Option<u64>>,
    /// Called with the path of the page to show.
    #[prop(into)]
    on_navigate: Callback<String>,
) -> impl IntoView {
    let last = move || total.run(()).map(|total| page.get().last_number(total));
    let link = move |text: &'static str, target: fn(u32, u32) -> u32| {
        let href = move || {
            let current = page.get().number;
            let last = last().unwrap_or(current);
            let target = target(current, last);
            (target >= 1 && target != current && target <= last.max(current))
                .then(|| page.get().with_number(target).path())
        };
        view! {
            <a
                class="button pager__link"
                href=reactive(href)
                role="link"
                tabindex="0"
                aria-disabled=reactive(move || href().is_none().then_some("true"))
                data-noscroll
            >
                {text}
            </a>
        }
    };
    let summary = move || {
        let mut text = String::from("Page ");
        text.push_str(&group_digits(page.get().number.into()));
        if let Some(last) = last() {
            text.push_str(" of ");
            text.push_str(&group_digits(last.into()));
        }
        text
    };
    view! {
        <nav class="pager" aria-label="Pages">
            {link("First", |_, _| 1)}
            {link("Previous", |current, last| (current - 1).min(last))}
            <p class="pager__summary">{reactive(summary)}</p>
            {link("Next", |current, _| current + 1)}
            {link("Last", |_, last| last)}
            <SizeSelect page on_navigate />
        </nav>
    }
}

#[component]
fn SizeSelect(page: Memo<Page>, on_navigate: Callback<String>) -> impl IntoView {
    let options = move || {
        let current = page.get().size;
        let custom = (!PAGE_SIZES.contains(&current)).then_some(current);
        view_slot(
            custom
                .into_iter()
                .chain(PAGE_SIZES)
                .map(|size| {
                    view! {
                        <option value=size.to_string() selected=size == current>
                            {group_digits(size.into())}
                        </option>
                    }
                })
                .collect_view(),
        )
    };
    let choose = move |event| {
        if let Ok(size) = event_target_value(&event).parse() {
            on_navigate.run(page.get_untracked().with_size(size).path());
        }
    };
    view! {
        <label class="pager__size">
            "Per page"
            <select class="select" on:change=choose>
                {reactive(options)}
            </select>
        </label>
    }
}
