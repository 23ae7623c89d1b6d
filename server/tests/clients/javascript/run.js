// Runs the tests of this folder in Chromium, against the server at FRONTDESK_TEST_SERVER.
//
// `cargo xtask test javascript` starts a server with many users that allows the origin of the page,
// installs the packages in package-lock.json, and runs this script.

import { createServer } from "node:http";

import { Browser } from "./browser.js";
import { bundle } from "./bundle.js";

/** The longest time in milliseconds without a report of the page. */
const TIMEOUT = 120_000;

const PAGE = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>JavaScript clients</title>
<script>addEventListener("error", ({ error, message }) =>
  fetch("/error", { method: "POST", body: error?.stack ?? message }));</script>
<script type="module" src="/tests.js"></script></html>`;

const { FRONTDESK_TEST_SERVER: server, FRONTDESK_TEST_PAGE: address } = process.env;
const script = await bundle(server);

let finish;
const finished = new Promise((resolve) => (finish = resolve));
const timeout = setTimeout(() => finish("no report from the page"), TIMEOUT);

/** Serves the page and receives its reports. */
async function serve(request, response) {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) {
    body += chunk;
  }
  const respond = (type, text) => response.writeHead(200, { "content-type": type }).end(text);
  switch (request.url) {
    case "/":
      return respond("text/html", PAGE);
    case "/tests.js":
      return respond("text/javascript", script);
    case "/line":
      timeout.refresh();
      console.log(body);
      return respond("text/plain", "");
    case "/end": {
      const { passed, failed } = JSON.parse(body);
      finish(failed > 0 || passed === 0 ? `${passed} passed, ${failed} failed` : undefined);
      return respond("text/plain", "");
    }
    case "/error":
      finish(body);
      return respond("text/plain", "");
    default:
      return response.writeHead(404).end();
  }
}

const [host, port] = address.split(":");
const pages = createServer(serve).listen(Number(port), host);
const browser = await Browser.start();
try {
  await browser.open(`http://${address}/`);
  const error = await finished;
  if (error) {
    console.error(error);
    process.exitCode = 1;
  }
} finally {
  clearTimeout(timeout);
  await browser.close();
  pages.close();
  pages.closeAllConnections();
}
