// What holds for clients whose requests can be streams: those over sockets.

import QUnit from "qunit";

import { all, failed } from "./cases.js";
import { Code, greeter, unqualified } from "./desk.js";
import { Queue } from "./queue.js";

const { test } = QUnit;

const named = (...names) => names.map((name) => ({ name }));

/** More than the server lets one address have sockets. */
const MANY = 20;

export function conversations(client) {
  const greetings = (...names) => client.clientStream(greeter.lotsOfGreetings, stream(named(...names)));

  test("is answered once for everybody", async (assert) => {
    for (const [names, greeted] of [
      [["Ada"], "Ada"],
      [["Ada", "Grace"], "Ada and Grace"],
      [["Ada", "李小龍", " Linus "], "Ada, 李小龍 and Linus"],
    ]) {
      assert.equal((await greetings(...names)).message, `Hello, ${greeted}!`);
    }
    const call = client.clientStream(unqualified.lotsOfGreetings, stream(named("Ada")));
    assert.equal((await call).message, "Hello, Ada!");
  });

  test("gets an answer that is cut into many messages of the socket", async (assert) => {
    const name = "字".repeat(200);
    const { message } = await greetings(...Array(1000).fill(name));
    assert.equal(message, `Hello, ${Array(999).fill(name).join(", ")} and ${name}!`);
  });

  test("is told which request is wrong", async (assert) => {
    for (const [names, field] of [
      [[], "requests"],
      [["Ada", ""], "requests[1].name"],
      [Array(1001).fill("Ada"), "requests"],
    ]) {
      const failure = await failed(assert, greetings(...names), Code.INVALID_ARGUMENT);
      assert.deepEqual(failure.fields, [field]);
    }
  });

  test("is answered before it sends the next", async (assert) => {
    for (const method of [greeter.bidiHello, unqualified.bidiHello]) {
      const said = new Queue();
      const replies = client.conversation(method, said);
      for (const name of ["Ada", "Grace", "李小龍"]) {
        said.push({ name });
        assert.equal((await replies.next()).value.message, `Hello, ${name}!`);
      }
      said.end();
      assert.deepEqual(await all(replies), []);
    }
  });

  test("ends a conversation at what is no name", async (assert) => {
    const said = new Queue();
    const replies = client.conversation(greeter.bidiHello, said);
    said.push({ name: "Ada" });
    assert.equal((await replies.next()).value.message, "Hello, Ada!");
    said.push({ name: "" });
    const failure = await failed(assert, all(replies), Code.INVALID_ARGUMENT);
    assert.deepEqual(failure.fields, ["requests[1].name"]);
  });

  test("lets go of conversations, and each makes room for the next", async (assert) => {
    for (let count = 0; count < MANY; count++) {
      const [said, stop] = [new Queue(), new AbortController()];
      const replies = client.conversation(greeter.bidiHello, said, { signal: stop.signal });
      said.push({ name: "Ada" });
      assert.equal((await replies.next()).value.message, "Hello, Ada!");
      stop.abort();
      said.end();
      assert.deepEqual(await all(replies).catch(() => []), []);
    }
    assert.equal((await greetings("Ada")).message, "Hello, Ada!");
  });

  test("has the server keep a deadline while nobody says anything", async (assert) => {
    const said = new Queue();
    const headers = { "grpc-timeout": "100m" };
    const replies = client.conversation(greeter.bidiHello, said, { headers });
    await failed(assert, all(replies), Code.DEADLINE_EXCEEDED);
    said.end();
  });
}

async function* stream(requests) {
  yield* requests;
}
