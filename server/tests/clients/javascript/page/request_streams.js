// Request streams: supported by clients over grpc-websockets.

import QUnit from "qunit";

import { all, expectError } from "./calls.js";
import { Code, greeter, unqualified } from "./api.js";
import { Queue } from "./queue.js";

const { test } = QUnit;

const requestsFor = (...names) => names.map((name) => ({ name }));

/** More than the server permits sockets of one client. */
const MANY = 20;

export function requestStreams(client) {
  const greetings = (...names) => client.clientStream(greeter.lotsOfGreetings, stream(requestsFor(...names)));

  test("receives one greeting for all names", async (assert) => {
    for (const [names, greeted] of [
      [["Ada"], "Ada"],
      [["Ada", "Grace"], "Ada and Grace"],
      [["Ada", "李小龍", " Linus "], "Ada, 李小龍 and Linus"],
    ]) {
      assert.equal((await greetings(...names)).message, `Hello, ${greeted}!`);
    }
    const call = client.clientStream(unqualified.lotsOfGreetings, stream(requestsFor("Ada")));
    assert.equal((await call).message, "Hello, Ada!");
  });

  test("receives a message in many WebSocket frames", async (assert) => {
    const name = "字".repeat(200);
    const { message } = await greetings(...Array(1000).fill(name));
    assert.equal(message, `Hello, ${Array(999).fill(name).join(", ")} and ${name}!`);
  });

  test("receives the index of an invalid request", async (assert) => {
    for (const [names, field] of [
      [[], "requests"],
      [["Ada", ""], "requests[1].name"],
      [Array(1001).fill("Ada"), "requests"],
    ]) {
      const error = await expectError(assert, greetings(...names), Code.INVALID_ARGUMENT);
      assert.deepEqual(error.fields, [field]);
    }
  });

  test("receives a reply before the next request", async (assert) => {
    for (const method of [greeter.bidiHello, unqualified.bidiHello]) {
      const requests = new Queue();
      const replies = client.bidiStream(method, requests);
      for (const name of ["Ada", "Grace", "李小龍"]) {
        requests.push({ name });
        assert.equal((await replies.next()).value.message, `Hello, ${name}!`);
      }
      requests.end();
      assert.deepEqual(await all(replies), []);
    }
  });

  test("ends a call at an invalid name", async (assert) => {
    const requests = new Queue();
    const replies = client.bidiStream(greeter.bidiHello, requests);
    requests.push({ name: "Ada" });
    assert.equal((await replies.next()).value.message, "Hello, Ada!");
    requests.push({ name: "" });
    const error = await expectError(assert, all(replies), Code.INVALID_ARGUMENT);
    assert.deepEqual(error.fields, ["requests[1].name"]);
  });

  test("cancels calls", async (assert) => {
    for (let count = 0; count < MANY; count++) {
      const [requests, controller] = [new Queue(), new AbortController()];
      const replies = client.bidiStream(greeter.bidiHello, requests, { signal: controller.signal });
      requests.push({ name: "Ada" });
      assert.equal((await replies.next()).value.message, "Hello, Ada!");
      controller.abort();
      requests.end();
      assert.deepEqual(await all(replies).catch(() => []), []);
    }
    assert.equal((await greetings("Ada")).message, "Hello, Ada!");
  });

  test("sends a deadline for an idle call", async (assert) => {
    const requests = new Queue();
    const headers = { "grpc-timeout": "100m" };
    const replies = client.bidiStream(greeter.bidiHello, requests, { headers });
    await expectError(assert, all(replies), Code.DEADLINE_EXCEEDED);
    requests.end();
  });
}

async function* stream(requests) {
  yield* requests;
}
