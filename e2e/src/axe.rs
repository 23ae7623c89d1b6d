//! axe-core: what keeps people from using the page.

use std::fs;

use serde_json::json;

use crate::{Outcome, browser::Browser, given};

/// Runs all rules and hands back what they found, short enough to read.
const CHECK: &str = "
    const done = arguments[arguments.length - 1];
    axe.run(document, { resultTypes: ['violations'] }).then(
        result => done(result.violations.flatMap(rule => rule.nodes.map(node =>
            `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary}`))),
        error => done([String(error)]));
";

impl Browser {
    /// Asserts that axe-core finds nothing on the page as it is now.
    pub async fn assert_accessible(&self, what: &str) -> Outcome {
        self.run(&fs::read_to_string(given("FRONTDESK_AXE")?)?)
            .await?;
        let found = self.execute_async(CHECK, Vec::new()).await?;
        assert_eq!(found, json!([]), "axe-core on {what}");
        Ok(())
    }

    /// Has the browser tell pages that the person prefers `scheme`, and no motion.
    pub async fn prefer(&self, scheme: &str) -> Outcome {
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.devtools("Emulation.setEmulatedMedia", features)
            .await?;
        Ok(())
    }
}
