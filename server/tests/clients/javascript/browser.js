// A headless Chromium that opens one page (WebDriver).

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const ATTEMPTS = 5;

const { CHROME, CHROMEDRIVER, CHROME_FLAGS } = process.env;

export class Browser {
  #driver;
  #session;

  /** Starts the programs that CHROMEDRIVER and CHROME name. */
  static async start() {
    const browser = new Browser();
    const { driver, port } = await startDriver();
    browser.#driver = driver;
    try {
      const origin = `http://127.0.0.1:${port}`;
      const options = { binary: CHROME, args: CHROME_FLAGS.split(" ") };
      const { sessionId } = await request("POST", `${origin}/session`, {
        capabilities: { alwaysMatch: { "goog:chromeOptions": options } },
      });
      browser.#session = `${origin}/session/${sessionId}`;
    } catch (error) {
      browser.#driver.kill();
      throw error;
    }
    return browser;
  }

  async open(url) {
    await request("POST", `${this.#session}/url`, { url });
  }

  async close() {
    try {
      await request("DELETE", this.#session);
    } finally {
      this.#driver.kill();
    }
  }
}

/**
 * Starts chromedriver; returns its process and port. It chooses a port that is free for IPv4 and exits
 * if the same port is in use for IPv6: hence several attempts.
 */
async function startDriver() {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const driver = spawn(CHROMEDRIVER, ["--port=0"], { stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface({ input: driver.stdout })) {
      const port = /started successfully on port (\d+)/.exec(line)?.[1];
      if (port) {
        driver.stdout.resume();
        return { driver, port };
      }
    }
  }
  throw new Error(`chromedriver did not start in ${ATTEMPTS} attempts`);
}

async function request(method, url, body) {
  const response = await fetch(url, { method, body: body && JSON.stringify(body) });
  const { value } = await response.json();
  if (!response.ok) {
    throw new Error(`${value.error}: ${value.message}`);
  }
  return value;
}
