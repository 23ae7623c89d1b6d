// A headless Chromium, driven by WebDriver: it has to open one page, no more.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const TRIES = 5;

const { CHROME, CHROMEDRIVER, CHROME_FLAGS } = process.env;

export class Browser {
  #driver;
  #session;

  /** Starts what CHROMEDRIVER and CHROME name. */
  static async start() {
    const browser = new Browser();
    const { driver, port } = await opened();
    browser.#driver = driver;
    try {
      const address = `http://127.0.0.1:${port}`;
      const options = { binary: CHROME, args: CHROME_FLAGS.split(" ") };
      const { sessionId } = await ask("POST", `${address}/session`, {
        capabilities: { alwaysMatch: { "goog:chromeOptions": options } },
      });
      browser.#session = `${address}/session/${sessionId}`;
    } catch (error) {
      browser.#driver.kill();
      throw error;
    }
    return browser;
  }

  async open(url) {
    await ask("POST", `${this.#session}/url`, { url });
  }

  async close() {
    try {
      await ask("DELETE", this.#session);
    } finally {
      this.#driver.kill();
    }
  }
}

/**
 * A chromedriver, and the port that it says it took: free for IPv4 as it chooses it, it may be taken
 * for IPv6, and then chromedriver ends.
 */
async function opened() {
  for (let count = 0; count < TRIES; count++) {
    const driver = spawn(CHROMEDRIVER, ["--port=0"], { stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface({ input: driver.stdout })) {
      const port = /started successfully on port (\d+)/.exec(line)?.[1];
      if (port) {
        driver.stdout.resume();
        return { driver, port };
      }
    }
  }
  throw new Error(`chromedriver did not start, ${TRIES} times`);
}

async function ask(method, url, body) {
  const response = await fetch(url, { method, body: body && JSON.stringify(body) });
  const { value } = await response.json();
  if (!response.ok) {
    throw new Error(`${value.error}: ${value.message}`);
  }
  return value;
}
