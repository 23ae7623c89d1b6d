//! A type-erased view whose nodes are built immediately.
//!
//! Smaller than Leptos' `AnyView`, which contains the code to diff each type against its
//! predecessor: here the old nodes are always replaced.

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

pub(crate) struct ViewSlot(ViewSlotState);

pub(crate) struct ViewSlotState(SendWrapper<Box<dyn Mountable>>);

/// Builds the nodes of `view` in the current owner.
pub(crate) fn view_slot(view: impl Render<State: 'static>) -> ViewSlot {
    ViewSlot(ViewSlotState(SendWrapper::new(Box::new(view.build()))))
}

impl ViewSlot {
    pub(super) fn into_state(self) -> ViewSlotState {
        self.0
    }
}

impl Mountable for ViewSlotState {
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

impl Render for ViewSlot {
    type State = ViewSlotState;

    fn build(self) -> ViewSlotState {
        self.0
    }

    fn rebuild(self, state: &mut ViewSlotState) {
        let mut new = self.0;
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

// Only used for server-side rendering, which this page does not do.

impl AddAnyAttr for ViewSlot {
    type Output<NewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self {
        self
    }
}

impl RenderHtml for ViewSlot {
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

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> ViewSlotState {
        self.0
    }

    fn into_owned(self) -> Self {
        self
    }
}
