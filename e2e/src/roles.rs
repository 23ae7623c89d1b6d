//! Finding elements by role and accessible name, as assistive technology sees them.

use fantoccini::{Locator, elements::Element};

use crate::{TestResult, browser::Browser, driver::RawCommand, wait::until};

impl Browser {
    /// Waits for the only element with this role and accessible name.
    pub async fn find_by_role(&self, role: &str, name: &str) -> TestResult<Element> {
        until(&format!("the {role} `{name}`"), async || {
            let mut found = self.find_all_by_role(role, |it| it == name).await?;
            assert!(
                found.len() < 2,
                "{} elements are a {role} `{name}`",
                found.len()
            );
            Ok(found.pop())
        })
        .await
    }

    /// Clicks the only element with this role and accessible name.
    pub async fn click(&self, role: &str, name: &str) -> TestResult {
        Ok(self.find_by_role(role, name).await?.click().await?)
    }

    /// All elements with this role whose accessible name matches, in document order.
    pub async fn find_all_by_role(
        &self,
        role: &str,
        matches: impl Fn(&str) -> bool,
    ) -> TestResult<Vec<Element>> {
        let mut found = Vec::new();
        for element in self.find_all(Locator::Css(candidates(role))).await? {
            // Computed by the browser: hidden elements have no role.
            let computed_role = self.computed(&element, "computedrole").await?;
            let name = self.accessible_name(&element).await?;
            if computed_role == role && matches(&name) {
                found.push(element);
            }
        }
        Ok(found)
    }

    pub async fn accessible_name(&self, element: &Element) -> TestResult<String> {
        self.computed(element, "computedlabel").await
    }

    /// Waits until the page's first heading is `text`.
    pub async fn wait_for_heading(&self, text: &str) -> TestResult {
        until(&format!("the heading `{text}`"), async || {
            let heading = self.find(Locator::Css("h1")).await?.text().await?;
            Ok((heading == text).then_some(()))
        })
        .await
    }

    async fn computed(&self, element: &Element, property: &str) -> TestResult<String> {
        let path = format!("element/{}/{property}", element.element_id());
        let value = self.issue_cmd(RawCommand::get(path)).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }
}

/// A CSS selector of the elements that can have a role: computing roles is slow.
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
        _ => panic!("no selector for the role {role}"),
    }
}
