//! Keyboard input to the focused element.

use fantoccini::{
    actions::{InputSource as _, KeyAction, KeyActions},
    elements::Element,
    key::Key,
};

use crate::{TestResult, browser::Browser};

impl Browser {
    pub async fn press(&self, key: Key) -> TestResult {
        self.press_with(&[], key).await
    }

    /// Presses a key while `modifiers` are held down.
    pub async fn press_with(&self, modifiers: &[Key], key: Key) -> TestResult {
        let mut actions = KeyActions::new("keyboard".into());
        for down in modifiers.iter().chain([&key]) {
            actions = actions.then(KeyAction::Down {
                value: char::from(*down),
            });
        }
        for up in [&key].into_iter().chain(modifiers.iter().rev()) {
            actions = actions.then(KeyAction::Up {
                value: char::from(*up),
            });
        }
        Ok(self.perform_actions(actions).await?)
    }

    pub async fn type_text(&self, text: &str) -> TestResult {
        let mut actions = KeyActions::new("keyboard".into());
        for value in text.chars() {
            actions = actions
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
        }
        Ok(self.perform_actions(actions).await?)
    }

    /// Presses Tab until the element with this role and name has the focus.
    pub async fn tab_to(&self, role: &str, name: &str) -> TestResult<Element> {
        const MAX_STEPS: usize = 60;
        let target = self.find_by_role(role, name).await?.element_id();
        let mut passed = Vec::new();
        for _ in 0..MAX_STEPS {
            self.press(Key::Tab).await?;
            let focused = self.active_element().await?;
            if focused.element_id() == target {
                return Ok(focused);
            }
            passed.push(self.accessible_name(&focused).await?);
        }
        Err(format!("Tab does not reach the {role} `{name}`, only {passed:?}").into())
    }
}
