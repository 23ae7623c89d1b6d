//! Finding things as people do: by what they are and what they are called.

use fantoccini::{Locator, elements::Element};

use crate::{Outcome, browser::Browser, driver::Raw, wait::until};

impl Browser {
    /// The one element in view of assistive technology with that role and name; waits for it.
    pub async fn the(&self, role: &str, name: &str) -> Outcome<Element> {
        until(&format!("the {role} «{name}»"), async || {
            let mut found = self.all(role, |named| named == name).await?;
            assert!(
                found.len() < 2,
                "there are {} of the {role} «{name}»",
                found.len()
            );
            Ok(found.pop())
        })
        .await
    }

    /// All elements of that role whose name is `wanted`, in the order of the page.
    pub async fn all(&self, role: &str, wanted: impl Fn(&str) -> bool) -> Outcome<Vec<Element>> {
        let mut found = Vec::new();
        for element in self.find_all(Locator::Css(candidates(role))).await? {
            // The browser has the last word: what is hidden has no role.
            let said_role = self.computed(&element, "computedrole").await?;
            let said_name = self.computed(&element, "computedlabel").await?;
            if said_role == role && wanted(&said_name) {
                found.push(element);
            }
        }
        Ok(found)
    }

    /// What the browser calls `element` towards assistive technology.
    pub async fn name(&self, element: &Element) -> Outcome<String> {
        self.computed(element, "computedlabel").await
    }

    /// Waits until the page's first heading says `text`.
    pub async fn arrive_at(&self, text: &str) -> Outcome {
        until(&format!("the heading «{text}»"), async || {
            let heading = self.find(Locator::Css("h1")).await?.text().await?;
            Ok((heading == text).then_some(()))
        })
        .await
    }

    async fn computed(&self, element: &Element, what: &str) -> Outcome<String> {
        let path = format!("element/{}/{what}", element.element_id());
        let said = self.issue_cmd(Raw::get(path)).await?;
        Ok(said.as_str().unwrap_or_default().to_owned())
    }
}

/// Elements that may have a role: spares the question for all others.
fn candidates(role: &str) -> &'static str {
    match role {
        "alert" => "[role=alert]",
        "button" => "button, [role=button]",
        "grid" => "[role=grid]",
        "group" => "fieldset, [role=group]",
        "link" => "a[href]",
        "log" => "[role=log]",
        "list" => "ul, ol, [role=list]",
        "listitem" => "li, [role=listitem]",
        "progressbar" => "progress, [role=progressbar]",
        "radio" => "input[type=radio], [role=radio]",
        "radiogroup" => "fieldset, [role=radiogroup]",
        "row" => "tr, [role=row]",
        "status" => "output, [role=status]",
        "textbox" => "input:not([type=radio]), textarea, [role=textbox]",
        _ => panic!("no elements are known for the role {role}"),
    }
}
