//! The network: as slow as it may be, and what came over it.

use serde_json::{Value, json};

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

    /// What the server sent since the last time that the log was read, compressed as it came.
    pub async fn transferred(&self) -> Outcome<Transferred> {
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

/// Bytes that came over the network.
#[derive(Clone, Copy, Debug)]
pub struct Transferred {
    /// All of them.
    pub bytes: f64,
    /// Those of headers.
    pub headers: f64,
}
