// What holds for every client: calls with one request.

import QUnit from "qunit";

import { Code, Failure, greeter, unqualified, users } from "./desk.js";

const { test } = QUnit;

/** Each name, and what of it comes back. */
const NAMES = {
  Ada: "Ada",
  "  Grace Hopper\t": "Grace Hopper",
  李小龍: "李小龍",
  محمد: "محمد",
  "Zoe\u0308": "Zo\u00eb",
  "👩‍🚀 O'Neil & <b>": "👩‍🚀 O'Neil & <b>",
};

/**
 * More than the server lets one address have sockets, and the browser connections: a call that is
 * not let go of is missed.
 */
const MANY = 20;

export function cases(client) {
  const hello = (name) => client.unary(greeter.sayHello, { name });
  const list = (request, options) => client.serverStream(users.listUsers, request, options);

  test("greets by name, in any script", async (assert) => {
    for (const [name, greeted] of Object.entries(NAMES)) {
      assert.equal((await hello(name)).message, `Hello, ${greeted}!`);
    }
  });

  test("greets without a package", async (assert) => {
    const reply = await client.unary(unqualified.sayHello, { name: "Ada" });
    assert.equal(reply.message, "Hello, Ada");
  });

  test("is told which field is wrong", async (assert) => {
    for (const call of [
      () => hello(""),
      () => all(client.serverStream(greeter.lotsOfReplies, { name: "a\nb" })),
    ]) {
      const failure = await failed(assert, call(), Code.INVALID_ARGUMENT);
      assert.ok(failure.message.includes("name"), failure.message);
      assert.deepEqual(failure.fields, ["name"]);
    }
  });

  test("is told that nobody has that id", async (assert) => {
    const call = client.unary(users.getUser, { id: 2_000_000_000 });
    const failure = await failed(assert, call, Code.NOT_FOUND);
    assert.equal(failure.message, "user 2000000000 not found");
    assert.deepEqual(failure.resources, ["2000000000"]);
  });

  test("greets in many languages", async (assert) => {
    const replies = await all(client.serverStream(greeter.lotsOfReplies, { name: "李小龍" }));
    const messages = new Set(replies.map(({ message }) => message));
    assert.ok(messages.size >= 12, `${messages.size}`);
    assert.ok([...messages].every((message) => message.includes("李小龍")));
  });

  test("lists everybody, with the metadata that comes first", async (assert) => {
    const found = {};
    const onHeaders = (get) => {
      for (const name of ["x-total-count", "x-revision", "x-request-id"]) {
        found[name] = get(name);
      }
    };
    const people = await all(list({}, { onHeaders }));
    assert.equal(people.length, Number(found["x-total-count"]));
    assert.ok(people.every(({ id }, index) => id === index + 1), "in the order of their ids");
    assert.ok(people.every(({ name, email }) => name && email.includes("@")));
    assert.equal(people[0].name, "John Doe");
    assert.ok(Number(found["x-revision"]) > 0, found["x-revision"]);
    assert.ok(found["x-request-id"], "the request's id");
  });

  test("lets go of lists, and each makes room for the next", async (assert) => {
    for (let count = 0; count < MANY; count++) {
      const stop = new AbortController();
      const people = list({}, { signal: stop.signal });
      if (client.wholeOnly) {
        setTimeout(() => stop.abort());
      } else {
        assert.equal((await people.next()).value.id, 1);
        stop.abort();
      }
      // Some say that it was cancelled, others nothing more at all.
      const rest = await all(people).catch(() => []);
      assert.ok(rest.length < 50_000, `${rest.length} came all the same`);
    }
    assert.equal((await hello("Ada")).message, "Hello, Ada!");
  });

  test("has the server keep a deadline", async (assert) => {
    const headers = { "grpc-timeout": "10m" };
    await failed(assert, all(list({}, { headers })), Code.DEADLINE_EXCEEDED);
  });

  if (!client.withoutDeadlines) {
    test("keeps a deadline of its own", async (assert) => {
      await failed(assert, all(list({}, { timeout: 10 })), Code.DEADLINE_EXCEEDED);
    });
  }
}

/** All that comes of a stream. */
export async function all(stream) {
  const found = [];
  for await (const message of stream) {
    found.push(message);
  }
  return found;
}

/** How `call` failed, which it has to do with `code`. */
export async function failed(assert, call, code) {
  const failure = await call.then(
    (reply) => new Error(`no failure, but ${JSON.stringify(reply).slice(0, 200)}`),
    (error) => error,
  );
  assert.true(failure instanceof Failure, `${failure}`);
  assert.equal(failure.code, code, failure.message);
  return failure;
}
