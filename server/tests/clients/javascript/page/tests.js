// Runs every client through the tests that its transport supports.

import QUnit from "qunit";

import { calls } from "./calls.js";
import { changes } from "./changes.js";
import { connect } from "./clients/connect.js";
import { google } from "./clients/google.js";
import { improbableFetch, improbableSocket } from "./clients/improbable.js";
import { niceFetch, niceSocket } from "./clients/nice.js";
import { requestStreams } from "./request_streams.js";

// The results are reported to run.js, in order.
QUnit.config.reporters.html = false;
QUnit.config.autostart = false;
QUnit.config.reorder = false;
QUnit.config.testTimeout = 60_000;

let reported = Promise.resolve();
const report = (path, body) => {
  reported = reported.then(() => fetch(path, { method: "POST", body }));
};
const withoutColors = (line) => line.replace(/\u001b\[\d+m/g, "");
QUnit.reporters.tap.init(QUnit, { log: (line) => report("/line", withoutColors(line)) });
QUnit.on("runEnd", ({ testCounts }) => report("/end", JSON.stringify(testCounts)));
QUnit.on("error", () => report("/end", JSON.stringify({ passed: 0, failed: 1 })));

for (const client of [niceFetch, niceSocket, improbableFetch, improbableSocket, connect, ...google]) {
  QUnit.module(client.name, () => {
    calls(client);
    changes(client);
    if (client.bidiStream) {
      requestStreams(client);
    }
  });
}

QUnit.start();
