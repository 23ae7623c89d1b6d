//! A piece of a view whose nodes are made already, whatever it is made of.
//!
//! `AnyView` can be compared with what stood in its place before, and carries the code for that
//! with each type that becomes one. Where one face takes the place of another there is nothing to
//! compare: the old nodes go, the new ones come.

use leptos::{
    attr::Attribute,
    prelude::*,
    tachys::{
        hydration::Cursor,
        renderer::types,
        view::{Mountable, Position, PositionState, add_attr::AddAnyAttr},
    },
};
use send_wrapper::SendWrapper;

/// See [`built`].
pub(crate) struct Built(BuiltState);

/// The nodes of a [`Built`].
pub(crate) struct BuiltState(SendWrapper<Box<dyn Mountable>>);

/// Makes the nodes of `view`, for the present owner.
pub(crate) fn built(view: impl Render<State: 'static>) -> Built {
    Built(BuiltState(SendWrapper::new(Box::new(view.build()))))
}

impl Built {
    /// The nodes themselves.
    pub(super) fn into_state(self) -> BuiltState {
        self.0
    }
}

impl Mountable for BuiltState {
    fn unmount(&mut self) {
        self.0.unmount();
    }

    fn mount(&mut self, parent: &types::Element, marker: Option<&types::Node>) {
        self.0.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.0.insert_before_this(child)
    }

    fn elements(&self) -> Vec<types::Element> {
        self.0.elements()
    }
}

impl Render for Built {
    type State = BuiltState;

    fn build(self) -> BuiltState {
        self.0
    }

    fn rebuild(self, state: &mut BuiltState) {
        let mut new = self.0;
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

// What follows is for pages that a server renders. This one is not.

impl AddAnyAttr for Built {
    type Output<NewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self {
        self
    }
}

impl RenderHtml for Built {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        _: &mut String,
        _: &mut Position,
        _: bool,
        _: bool,
        _: Vec<leptos::attr::any_attribute::AnyAttribute>,
    ) {
    }

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> BuiltState {
        self.0
    }

    fn into_owned(self) -> Self {
        self
    }
}
