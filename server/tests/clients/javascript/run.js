// Runs the tests of this folder in Chromium, against the server at FRONTDESK_TEST_SERVER.
//
// `cargo xtask test javascript` starts such a server, with many people and with the page's
// origin allowed, installs what package-lock.json lists, and calls this.

import { createServer } from "node:http";

import { Browser } from "./browser.js";
import { bundle } from "./bundle.js";

/** No page says nothing for so long on a machine that is alive. */
const PATIENCE = 120_000;

const PAGE = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Clients in JavaScript</title>
<script>addEventListener("error", ({ error, message }) =>
  fetch("/trouble", { method: "POST", body: error?.stack ?? message }));</script>
<script type="module" src="/tests.js"></script></html>`;

const { FRONTDESK_TEST_SERVER: server, FRONTDESK_TEST_PAGE: address } = process.env;
const script = await bundle(server);

let heard;
const silence = setTimeout(() => heard(`the page says nothing any more`), PATIENCE);
const ended = new Promise((resolve) => (heard = resolve));

/** What the page asks for, and where it says what has come of each test. */
async function answer(request, response) {
  let body = "";
  for await (const piece of request.setEncoding("utf8")) {
    body += piece;
  }
  const give = (type, text) => response.writeHead(200, { "content-type": type }).end(text);
  switch (request.url) {
    case "/":
      return give("text/html", PAGE);
    case "/tests.js":
      return give("text/javascript", script);
    case "/line":
      silence.refresh();
      console.log(body);
      return give("text/plain", "");
    case "/end": {
      const { passed, failed } = JSON.parse(body);
      heard(failed > 0 || passed === 0 ? "not all is well" : undefined);
      return give("text/plain", "");
    }
    case "/trouble":
      heard(body);
      return give("text/plain", "");
    default:
      return response.writeHead(404).end();
  }
}

const [host, port] = address.split(":");
const pages = createServer(answer).listen(Number(port), host);
const browser = await Browser.start();
try {
  await browser.open(`http://${address}/`);
  const trouble = await ended;
  if (trouble) {
    console.error(trouble);
    process.exitCode = 1;
  }
} finally {
  clearTimeout(silence);
  await browser.close();
  pages.close();
  pages.closeAllConnections();
}
