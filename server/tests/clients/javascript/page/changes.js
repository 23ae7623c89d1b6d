// Writes and watches: supported by every client. Every test deletes the users that it creates, because
// other tests count users.

import QUnit from "qunit";

import { all, expectError } from "./calls.js";
import { Code, users } from "./api.js";
import { Queue } from "./queue.js";

const { test } = QUnit;

/** UserEvent.Kind */
const [BOOKMARK, CREATED, UPDATED, DELETED, RESTORED] = [1, 2, 3, 4, 5];

export function changes(client) {
  const call = (method, request) => client.unary(method, request);
  const remove = ({ id }) => call(users.deleteUser, { id });

  test("changes a user and watches the changes", async (assert) => {
    const ada = await call(users.createUser, { name: "Ada", email: "ada@example.org" });
    const fromRevision = ada.revision - 1n;
    const expectedRevision = ada.revision;
    const renamed = await call(users.updateUser, { id: ada.id, name: "Ada King", expectedRevision });
    assert.equal(renamed.email, "ada@example.org");
    const deleted = await remove(ada);
    assert.ok(deleted.deleteTime && deleted.purgeTime.seconds > deleted.deleteTime.seconds);
    const restored = await call(users.restoreUser, { id: ada.id });
    await remove(ada);

    const history = await all(client.serverStream(users.listChanges, { userId: ada.id }));
    const kinds = history.map(({ kind }) => kind);
    assert.deepEqual(kinds, [DELETED, RESTORED, DELETED, UPDATED, CREATED]);
    assert.deepEqual(history[1].user, restored);

    if (client.bufferedStreams) {
      return;
    }
    const controller = new AbortController();
    const watch = client.serverStream(users.watchUsers, { fromRevision }, { signal: controller.signal });
    for (const kind of [CREATED, UPDATED, DELETED, RESTORED, DELETED, BOOKMARK]) {
      assert.equal((await watch.next()).value.kind, kind);
    }
    controller.abort();
    await all(watch).catch(() => []);
  });

  test("does not overwrite a later change", async (assert) => {
    const user = await call(users.createUser, { name: "Linus", email: "linus@example.org" });
    const newer = await call(users.updateUser, { id: user.id, name: "Linus T." });
    const stale = { id: user.id, name: "L.", expectedRevision: user.revision };
    const { metadata } = await expectError(assert, call(users.updateUser, stale), Code.ABORTED);
    assert.deepEqual(metadata, [{ current_revision: String(newer.revision) }]);
    await remove(user);
  });

  test("receives the first response when it repeats a request", async (assert) => {
    const request = {
      name: "Barbara",
      email: "barbara@example.org",
      requestId: crypto.randomUUID(),
    };
    const user = await call(users.createUser, request);
    assert.deepEqual(await call(users.createUser, request), user);
    await remove(user);
  });

  test("receives the user that has an email", async (assert) => {
    const create = call(users.createUser, { name: "Johnny", email: "JOHN@example.com" });
    const { metadata } = await expectError(assert, create, Code.ALREADY_EXISTS);
    assert.deepEqual(metadata, [{ user_id: "1" }]);
  });

  test("finds users and continues with a page token", async (assert) => {
    const zoe = await call(users.createUser, { name: "Zoë Sokołów", email: "z.s@example.org" });
    const find = (request, onHeaders) => all(client.serverStream(users.listUsers, request, { onHeaders }));
    for (const query of ["zoe sokolow", "Z.S@EXAMPLE.ORG", `${zoe.id}`]) {
      const [first] = await find({ query });
      assert.deepEqual(first, zoe, query);
    }
    let pageToken;
    const newest = { orderBy: "update_time desc", pageSize: 1 };
    const read = (get) => (pageToken = get("x-next-page-token"));
    assert.deepEqual(await find({ ...newest, page: 1 }, read), [zoe]);
    const [next] = await find({ ...newest, pageToken });
    assert.notEqual(next.id, zoe.id);
    await remove(zoe);
  });

  if (client.bidiStream) {
    test("imports batch by batch", async (assert) => {
      const requests = new Queue();
      const responses = client.bidiStream(users.importUsers, requests);
      const send = (kind, value) => requests.push({ kind: { case: kind, value } });
      send("start", { importId: crypto.randomUUID() });
      assert.equal((await responses.next()).value.kind.value.lastSequence, 0n);
      const row = (line, name, email) => ({ line: BigInt(line), name, email });
      const rows = [row(2, "Radia", "radia@example.org"), row(3, "", "unnamed@example.org")];
      send("batch", { sequence: 1n, rows });
      const batch = (await responses.next()).value.kind.value;
      assert.equal(batch.counts.created, 1n);
      assert.deepEqual(batch.rejectedRows.map(({ line, field }) => [line, field]), [[3n, "name"]]);
      requests.end();
      assert.deepEqual(await all(responses), []);
      const query = "radia@example.org";
      const [radia] = await all(client.serverStream(users.listUsers, { query }));
      assert.equal(radia.name, "Radia");
      await remove(radia);
    });
  }
}
