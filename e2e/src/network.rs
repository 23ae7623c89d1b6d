//! The browser's network: limiting its bandwidth, counting transferred bytes.

use serde_json::{Value, json};

use crate::{TestResult, browser::Browser};

impl Browser {
    /// Limits the bandwidth from now on; `None` removes the limit.
    pub async fn limit_bandwidth(&self, bytes_per_second: Option<u32>) -> TestResult {
        let throughput = bytes_per_second.map_or(-1, i64::from);
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

    /// The bytes received from the server since the last call, as compressed on the network.
    pub async fn transferred(&self) -> TestResult<Transferred> {
        let events = self.network_events().await?;
        let parameters = |method: &'static str| {
            events
                .iter()
                .filter(move |event| event["method"] == method)
                .map(|event| &event["params"])
        };
        // The browser's start page loads other resources.
        let own: Vec<_> = parameters("Network.requestWillBeSent")
            .filter(|it| {
                it["request"]["url"]
                    .as_str()
                    .is_some_and(|url| self.is_own_url(url))
            })
            .map(|it| &it["requestId"])
            .collect();
        let is_own = |it: &&Value| own.contains(&&it["requestId"]);
        let finished = parameters("Network.loadingFinished").filter(is_own);
        let received = parameters("Network.responseReceived").filter(is_own);
        Ok(Transferred {
            bytes: finished
                .filter_map(|it| it["encodedDataLength"].as_f64())
                .sum(),
            headers: received
                .filter_map(|it| it["response"]["encodedDataLength"].as_f64())
                .sum(),
        })
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Transferred {
    /// Bodies and headers, in bytes.
    pub bytes: f64,
    /// Headers only, in bytes.
    pub headers: f64,
}
