//! The network: as slow as it may be, and what came over it.

use serde_json::json;

use crate::{Outcome, browser::Browser};

impl Browser {
    /// From here on the browser gets no more than so many bytes a second; all it can for 0.
    pub async fn slow_down_to(&self, bytes_a_second: u32) -> Outcome {
        let throughput = if bytes_a_second == 0 {
            -1
        } else {
            i64::from(bytes_a_second)
        };
        let conditions = json!({
            "offline": false,
            "latency": 0,
            "downloadThroughput": throughput,
            "uploadThroughput": throughput,
        });
        self.devtools("Network.enable", json!({})).await?;
        self.devtools("Network.emulateNetworkConditions", conditions)
            .await?;
        Ok(())
    }

    /// Bytes that the server sent since the last time that the log was read, headers and all,
    /// compressed as they came.
    pub async fn transferred(&self) -> Outcome<f64> {
        let events = self.network_events().await?;
        let parameters = |method: &'static str| {
            events
                .iter()
                .filter(move |it| it["method"] == method)
                .map(|it| &it["params"])
        };
        // The window that a browser opens with loads things of its own.
        let own: Vec<_> = parameters("Network.requestWillBeSent")
            .filter(|it| {
                it["request"]["url"]
                    .as_str()
                    .is_some_and(|url| self.is_own(url))
            })
            .map(|it| &it["requestId"])
            .collect();
        let finished = parameters("Network.loadingFinished");
        Ok(finished
            .filter(|it| own.contains(&&it["requestId"]))
            .filter_map(|it| it["encodedDataLength"].as_f64())
            .sum())
    }
}
