//! Everybody, in one stream.

use leptos::prelude::*;

use crate::{
    api::{self, Api, Listing, Run},
    model::{
        Packed, Person, Roster,
        address::View,
        progress::{self, Announcer, Count, Phase},
    },
};

/// The stream of everybody, and who has come in by it. Reading anew keeps the old rows until new
/// ones take their place.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    api: StoredValue<Api>,
    roster: StoredValue<Roster>,
    phase: RwSignal<Phase>,
    count: RwSignal<Count>,
    rows: RwSignal<usize>,
    edition: RwSignal<u32>,
    said: RwSignal<String>,
    run: Run,
}

impl Reading {
    /// Nobody yet.
    pub(super) fn new(api: &Api) -> Self {
        Self {
            api: StoredValue::new(api.clone()),
            roster: StoredValue::new(Roster::default()),
            phase: RwSignal::new(Phase::Paused),
            count: RwSignal::new(Count::default()),
            rows: RwSignal::new(0),
            edition: RwSignal::new(0),
            said: RwSignal::new(String::new()),
            run: Run::new(),
        }
    }

    /// What it is doing.
    pub(super) fn phase(self) -> ReadSignal<Phase> {
        self.phase.read_only()
    }

    /// How far it is.
    pub(super) fn count(self) -> ReadSignal<Count> {
        self.count.read_only()
    }

    /// How many rows there are to show, old ones included.
    pub(super) fn rows(self) -> ReadSignal<usize> {
        self.rows.read_only()
    }

    /// Changes when rows that are there are others than before.
    pub(super) fn edition(self) -> ReadSignal<u32> {
        self.edition.read_only()
    }

    /// What assistive technology is told.
    pub(super) fn said(self) -> ReadSignal<String> {
        self.said.read_only()
    }

    /// The person at `index`.
    pub(super) fn person(self, index: usize) -> Option<Person> {
        self.roster.with_value(|roster| roster.get(index))
    }

    /// The person with this `id`, where they have come in.
    pub(super) fn person_with(self, id: i32) -> Option<Person> {
        self.roster
            .with_value(|roster| roster.get(roster.position(id)?))
    }

    /// Who comes before and after the person with this `id`, where they have come in.
    pub(super) fn around(self, id: i32) -> (Option<i32>, Option<i32>) {
        self.roster.with_value(|roster| roster.around(id))
    }

    /// Goes on where nobody looked for a while; leaves alone what is complete or was stopped.
    pub(super) fn resume(self) {
        if matches!(self.phase.get_untracked(), Phase::Paused | Phase::Failed(_)) {
            self.read();
        }
    }

    /// Nobody looks any more.
    pub(super) fn pause(self) {
        if self.phase.with_untracked(Phase::is_underway) {
            self.run.stop();
            self.phase.set(Phase::Paused);
        }
    }

    /// The person has seen enough.
    pub(super) fn stop(self) {
        if self.phase.with_untracked(Phase::is_underway) {
            self.run.stop();
            self.end(Phase::Stopped);
        }
    }

    /// Reads from the first person on. Rows and count stay as they are until there is an answer,
    /// and each row until a new one takes its place.
    pub(super) fn read(self) {
        self.phase.set(Phase::Opening);
        self.run.start(async move {
            let users = self.api.with_value(|api| api.users.clone());
            match users.list(View::All).await {
                Ok(listing) => {
                    let end = self.receive(listing).await;
                    self.end(end);
                }
                // Nothing has begun that could end.
                Err(failure) => _ = self.phase.try_set(Phase::Failed(failure)),
            }
        });
    }

    async fn receive(self, listing: Listing) -> Phase {
        let mut announcer = Announcer::default();
        let mut rows = listing.rows;
        self.roster.try_update_value(Roster::begin);
        self.count.try_set(Count {
            received: 0,
            total: listing.total,
        });
        self.phase.try_set(Phase::Receiving);
        while let Some(people) = rows.next().await {
            match people {
                Ok(people) => self.take(people, &mut announcer),
                Err(failure) => return Phase::Failed(failure),
            }
        }
        Phase::Complete
    }

    fn take(self, people: &Packed, announcer: &mut Announcer) {
        let taken = self.roster.try_update_value(|roster| {
            let replaces = roster.received() < roster.len();
            roster.extend(people);
            (replaces, roster.received(), roster.len())
        });
        let Some((replaces, received, rows)) = taken else {
            return;
        };
        if replaces {
            self.edition.try_update(|edition| *edition += 1);
        }
        if self.rows.try_get_untracked() != Some(rows) {
            self.rows.try_set(rows);
        }
        let count = self.count.try_update(|count| {
            count.received = received as u64;
            *count
        });
        let said = count.and_then(|count| announcer.underway(api::now_ms(), count));
        if let Some(said) = said {
            self.said.try_set(said);
        }
    }

    fn end(self, phase: Phase) {
        if phase == Phase::Complete {
            let rows = self.roster.try_update_value(|roster| {
                roster.finish();
                roster.len()
            });
            self.rows.try_set(rows.unwrap_or_default());
            self.count
                .try_update(|count| count.total = Some(count.received));
        }
        let count = self.count.try_get_untracked().unwrap_or_default();
        if let Some(said) = progress::ending(&phase, count) {
            self.said.try_set(said);
        }
        self.phase.try_set(phase);
    }
}
