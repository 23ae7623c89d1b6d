//! The directory page by page. Page and size are in the address.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    super::{answer::Answer, back::when_back},
    memory::Memory,
    nobody::Nobody,
};
use crate::{
    api::{Api, Failure, Users},
    components::{Address, Failed, Pager, People, Waiting, built, grid::Source, live},
    model::{
        Roster,
        address::{Page, View},
        number,
    },
};

/// A page that has come in.
#[derive(Clone, Debug)]
pub(super) struct Loaded {
    page: Page,
    total: Option<u64>,
    pub(super) people: Arc<Roster>,
}

impl Loaded {
    /// The page to show instead, where this one lies beyond the end.
    fn last_instead(&self) -> Option<Page> {
        self.page.before_the_end(self.total?)
    }
}

impl PartialEq for Loaded {
    fn eq(&self, other: &Self) -> bool {
        self.page == other.page && Arc::ptr_eq(&self.people, &other.people)
    }
}

/// One page, and the ways to the others.
#[component]
pub(super) fn Paged(page: Memo<Page>) -> impl IntoView {
    let memory = expect_context::<Memory>();
    let api = expect_context::<Api>();
    let users = api.users.clone();
    let address = expect_context::<Address>();
    let answer = Answer::new();
    let ask = move |page: Page| {
        let users = users.clone();
        answer.ask(async move {
            let loaded = load(users, page).await;
            if let Ok(loaded) = &loaded {
                match loaded.last_instead() {
                    None => _ = memory.loaded.try_set_value(Some(loaded.clone())),
                    // Nobody is there: the last page is asked for in its stead.
                    Some(last) => address.correct(&last.path()),
                }
            }
            (page, loaded)
        });
    };
    let ask = Callback::new(ask);
    Effect::new(move || ask.run(page.get()));
    let again = Callback::new(move |()| ask.run(page.get_untracked()));
    let failure = Memo::new(move |_| match answer.get() {
        Some((of, Err(failure))) if of == page.get() => Some(failure),
        _ => None,
    });
    // Until the page is there, the one before it stays; who comes back finds theirs at once.
    let shown = Memo::new(move |_| {
        answer
            .get()
            .and_then(|(_, loaded)| loaded.ok())
            .filter(|loaded| loaded.last_instead().is_none())
            .or_else(|| memory.loaded.get_value())
    });
    when_back(move || {
        if failure.get_untracked().is_some_and(|it| it.may_pass()) {
            again.run(());
        }
    });

    view! {
        <Pager page total=move |()| shown.get()?.total on_go=move |path: String| address.go(&path) />
        <Said shown page />
        {live(move || {
            let Some(failure) = failure.get() else {
                return built(());
            };
            built(view! { <Failed failure retry=again /> })
        })}
        {live(move || match shown.get() {
            Some(loaded) => built(view! { <PageRows loaded memory page /> }),
            None if failure.get().is_some() => built(()),
            None => built(view! { <Waiting text="Opening the page…" /> }),
        })}
    }
}

async fn load(users: Users, page: Page) -> Result<Loaded, Failure> {
    let mut listing = users.list(View::Page(page)).await?;
    let mut people = Roster::default();
    while let Some(batch) = listing.rows.next().await {
        people.extend(batch?);
    }
    people.finish();
    Ok(Loaded {
        page,
        total: listing.total,
        people: Arc::new(people),
    })
}

/// Which page is there, for those who do not see it.
#[component]
fn Said(shown: Memo<Option<Loaded>>, page: Memo<Page>) -> impl IntoView {
    let words = move || {
        let loaded = shown.get().filter(|loaded| loaded.page == page.get())?;
        let mut words = String::from("Page ");
        words.push_str(&number::grouped(loaded.page.number.into()));
        words.push_str(": ");
        words.push_str(&number::people(loaded.people.len() as u64));
        Some(words + ".")
    };
    view! {
        <p class="unseen" role="status">
            {live(move || words().unwrap_or_default())}
        </p>
    }
}

#[component]
fn PageRows(loaded: Loaded, memory: Memory, page: Memo<Page>) -> impl IntoView {
    let of = loaded.page;
    let people = StoredValue::new(loaded.people);
    let rows = people.with_value(|people| people.len());
    if rows == 0 {
        return built(view! { <Nobody /> });
    }
    let source = Source {
        rows: RwSignal::new(rows).read_only(),
        edition: RwSignal::new(0).read_only(),
        person: Callback::new(move |index| people.with_value(|people| people.get(index))),
        offset: of.offset(),
        total: Callback::new(move |()| loaded.total),
    };
    let view = View::Page(of);
    let place = memory.place(view);
    built(view! {
        <div class="stale" data-stale=live(move || (page.get() != of).then_some(""))>
            <People source place on_place=move |place| memory.keep(view, place) />
        </div>
    })
}
