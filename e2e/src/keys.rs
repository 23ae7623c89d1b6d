//! The keyboard, as it is without a mouse: keys go to whatever has the focus.

use fantoccini::{
    actions::{InputSource as _, KeyAction, KeyActions},
    elements::Element,
    key::Key,
};

use crate::{Outcome, browser::Browser};

impl Browser {
    /// Presses a key and lets go of it.
    pub async fn press(&self, key: Key) -> Outcome {
        self.press_with(&[], key).await
    }

    /// Presses a key while others are held down.
    pub async fn press_with(&self, held: &[Key], key: Key) -> Outcome {
        let mut actions = KeyActions::new("keyboard".into());
        for held in held.iter().chain([&key]) {
            actions = actions.then(KeyAction::Down {
                value: char::from(*held),
            });
        }
        for held in [&key].into_iter().chain(held.iter().rev()) {
            actions = actions.then(KeyAction::Up {
                value: char::from(*held),
            });
        }
        Ok(self.perform_actions(actions).await?)
    }

    /// Types `text`.
    pub async fn type_in(&self, text: &str) -> Outcome {
        let mut actions = KeyActions::new("keyboard".into());
        for value in text.chars() {
            actions = actions
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
        }
        Ok(self.perform_actions(actions).await?)
    }

    /// Goes on with Tab until `role` and `name` are those of the element with the focus.
    pub async fn tab_to(&self, role: &str, name: &str) -> Outcome<Element> {
        const ENOUGH: usize = 60;
        let wanted = self.the(role, name).await?.element_id();
        let mut passed = Vec::new();
        for _ in 0..ENOUGH {
            self.press(Key::Tab).await?;
            let focused = self.active_element().await?;
            if focused.element_id() == wanted {
                return Ok(focused);
            }
            passed.push(self.name(&focused).await?);
        }
        Err(format!("Tab does not lead to the {role} «{name}», only to {passed:?}").into())
    }
}
