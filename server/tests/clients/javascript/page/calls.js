// Calls with one request: supported by every client.

import QUnit from "qunit";

import { CallError, Code, greeter, unqualified, users } from "./api.js";

const { test } = QUnit;

/** Names, and how the greeting contains them. */
const NAMES = {
  Ada: "Ada",
  "  Grace Hopper\t": "Grace Hopper",
  李小龍: "李小龍",
  محمد: "محمد",
  "Zoe\u0308": "Zo\u00eb",
  "👩‍🚀 O'Neil & <b>": "👩‍🚀 O'Neil & <b>",
};

/**
 * More calls than the server permits sockets and the browser permits connections: a call that does not
 * end when it is cancelled blocks a later one.
 */
const MANY = 20;

export function calls(client) {
  const hello = (name) => client.unary(greeter.sayHello, { name });
  const list = (request, options) => client.serverStream(users.listUsers, request, options);

  test("greets by name in any script", async (assert) => {
    for (const [name, greeted] of Object.entries(NAMES)) {
      assert.equal((await hello(name)).message, `Hello, ${greeted}!`);
    }
  });

  test("greets without a package", async (assert) => {
    const reply = await client.unary(unqualified.sayHello, { name: "Ada" });
    assert.equal(reply.message, "Hello, Ada");
  });

  test("receives the invalid fields", async (assert) => {
    for (const call of [
      () => hello(""),
      () => all(client.serverStream(greeter.lotsOfReplies, { name: "a\nb" })),
    ]) {
      const error = await expectError(assert, call(), Code.INVALID_ARGUMENT);
      assert.ok(error.message.includes("name"), error.message);
      assert.deepEqual(error.fields, ["name"]);
    }
  });

  test("receives the resource that was not found", async (assert) => {
    const call = client.unary(users.getUser, { id: 2_000_000_000 });
    const error = await expectError(assert, call, Code.NOT_FOUND);
    assert.ok(error.message.includes("2000000000"), error.message);
    assert.deepEqual(error.resources, ["2000000000"]);
  });

  test("greets in many languages", async (assert) => {
    const replies = await all(client.serverStream(greeter.lotsOfReplies, { name: "李小龍" }));
    const messages = new Set(replies.map(({ message }) => message));
    assert.ok(messages.size >= 12, `${messages.size}`);
    assert.ok([...messages].every((message) => message.includes("李小龍")));
  });

  test("lists all users after the initial metadata", async (assert) => {
    const metadata = {};
    const onHeaders = (get) => {
      for (const name of ["x-total-count", "x-revision", "x-request-id"]) {
        metadata[name] = get(name);
      }
    };
    const found = await all(list({}, { onHeaders }));
    assert.equal(found.length, Number(metadata["x-total-count"]));
    assert.ok(found.every(({ id }, index) => id === index + 1), "ordered by id");
    assert.ok(found.every(({ name, email }) => name && email.includes("@")));
    assert.equal(found[0].name, "John Doe");
    assert.ok(Number(metadata["x-revision"]) > 0, metadata["x-revision"]);
    assert.ok(metadata["x-request-id"], "request id");
  });

  test("cancels lists", async (assert) => {
    for (let count = 0; count < MANY; count++) {
      const controller = new AbortController();
      const found = list({}, { signal: controller.signal });
      if (client.bufferedStreams) {
        setTimeout(() => controller.abort());
      } else {
        assert.equal((await found.next()).value.id, 1);
        controller.abort();
      }
      // Some clients report the cancellation, others end the stream.
      const rest = await all(found).catch(() => []);
      assert.ok(rest.length < 50_000, `${rest.length} users after the cancellation`);
    }
    assert.equal((await hello("Ada")).message, "Hello, Ada!");
  });

  test("sends a deadline", async (assert) => {
    const headers = { "grpc-timeout": "10m" };
    await expectError(assert, all(list({}, { headers })), Code.DEADLINE_EXCEEDED);
  });

  if (!client.noDeadlines) {
    test("enforces a deadline", async (assert) => {
      await expectError(assert, all(list({}, { timeout: 10 })), Code.DEADLINE_EXCEEDED);
    });
  }
}

/** All messages of a stream. */
export async function all(stream) {
  const messages = [];
  for await (const message of stream) {
    messages.push(message);
  }
  return messages;
}

/** The error of `call`, which must fail with `code`. */
export async function expectError(assert, call, code) {
  const error = await call.then(
    (reply) => new Error(`no error, but ${JSON.stringify(reply).slice(0, 200)}`),
    (error) => error,
  );
  assert.true(error instanceof CallError, `${error}`);
  assert.equal(error.code, code, error.message);
  return error;
}
