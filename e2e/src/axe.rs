//! Accessibility checks with axe-core.

use std::fs;

use serde_json::json;

use crate::{TestResult, browser::Browser, env_var};

/// Runs all rules; returns one line per violation.
const CHECK: &str = "
    const done = arguments[arguments.length - 1];
    axe.run(document, { resultTypes: ['violations'] }).then(
        result => done(result.violations.flatMap(rule => rule.nodes.map(node =>
            `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary}`))),
        error => done([String(error)]));
";

impl Browser {
    /// Asserts that axe-core finds no violation in the current page.
    pub async fn assert_accessible(&self, description: &str) -> TestResult {
        self.run(&fs::read_to_string(env_var("FRONTDESK_AXE")?)?)
            .await?;
        let violations = self.execute_async(CHECK, Vec::new()).await?;
        assert_eq!(violations, json!([]), "{description}");
        Ok(())
    }

    /// Emulates a preference for `color_scheme` and for reduced motion.
    pub async fn prefer_color_scheme(&self, color_scheme: &str) -> TestResult {
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": color_scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.devtools("Emulation.setEmulatedMedia", features)
            .await?;
        Ok(())
    }
}
