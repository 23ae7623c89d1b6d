// All clients, each with the cases that hold for its transport.

import QUnit from "qunit";

import { cases } from "./cases.js";
import { changes } from "./changes.js";
import { connect } from "./clients/connect.js";
import { google } from "./clients/google.js";
import { improbableFetch, improbableSocket } from "./clients/improbable.js";
import { niceFetch, niceSocket } from "./clients/nice.js";
import { conversations } from "./conversations.js";

// Nothing in the page is looked at: what comes of the tests is told to the runner, in order.
QUnit.config.reporters.html = false;
QUnit.config.autostart = false;
QUnit.config.reorder = false;
QUnit.config.testTimeout = 60_000;

let told = Promise.resolve();
const tell = (path, body) => {
  told = told.then(() => fetch(path, { method: "POST", body }));
};
const plain = (line) => line.replace(/\u001b\[\d+m/g, "");
QUnit.reporters.tap.init(QUnit, { log: (line) => tell("/line", plain(line)) });
QUnit.on("runEnd", ({ testCounts }) => tell("/end", JSON.stringify(testCounts)));
QUnit.on("error", () => tell("/end", JSON.stringify({ passed: 0, failed: 1 })));

for (const client of [niceFetch, niceSocket, improbableFetch, improbableSocket, connect, ...google]) {
  QUnit.module(client.name, () => {
    cases(client);
    changes(client);
    if (client.conversation) {
      conversations(client);
    }
  });
}

QUnit.start();
