// What holds for every client: a directory that changes. Who is added goes again: other cases count.

import QUnit from "qunit";

import { all, failed } from "./cases.js";
import { Code, users } from "./desk.js";
import { Queue } from "./queue.js";

const { test } = QUnit;

/** UserEvent.Kind, as it is on the wire. */
const [BOOKMARK, CREATED, UPDATED, DELETED, RESTORED] = [1, 2, 3, 4, 5];

export function changes(client) {
  const call = (method, request) => client.unary(method, request);
  const remove = ({ id }) => call(users.deleteUser, { id });

  test("changes somebody, and is told so where it watches", async (assert) => {
    const ada = await call(users.createUser, { name: "Ada", email: "ada@example.org" });
    const fromRevision = ada.revision - 1n;
    const expectedRevision = ada.revision;
    const renamed = await call(users.updateUser, { id: ada.id, name: "Ada King", expectedRevision });
    assert.equal(renamed.email, "ada@example.org");
    const gone = await remove(ada);
    assert.ok(gone.deleteTime && gone.purgeTime.seconds > gone.deleteTime.seconds);
    const back = await call(users.restoreUser, { id: ada.id });
    await remove(ada);

    const history = await all(client.serverStream(users.listChanges, { id: ada.id }));
    const kinds = history.map(({ kind }) => kind);
    assert.deepEqual(kinds, [DELETED, RESTORED, DELETED, UPDATED, CREATED]);
    assert.deepEqual(history[1].user, back);

    if (client.wholeOnly) {
      return;
    }
    const stop = new AbortController();
    const watch = client.serverStream(users.watchUsers, { fromRevision }, { signal: stop.signal });
    for (const kind of [CREATED, UPDATED, DELETED, RESTORED, DELETED, BOOKMARK]) {
      assert.equal((await watch.next()).value.kind, kind);
    }
    stop.abort();
    await all(watch).catch(() => []);
  });

  test("does not overwrite what others changed since", async (assert) => {
    const user = await call(users.createUser, { name: "Linus", email: "linus@example.org" });
    const newer = await call(users.updateUser, { id: user.id, name: "Linus T." });
    const stale = { id: user.id, name: "L.", expectedRevision: user.revision };
    const { reasons } = await failed(assert, call(users.updateUser, stale), Code.ABORTED);
    assert.deepEqual(reasons, [{ current_revision: String(newer.revision) }]);
    await remove(user);
  });

  test("is answered as before where it sends a request again", async (assert) => {
    const request = {
      name: "Barbara",
      email: "barbara@example.org",
      requestId: crypto.randomUUID(),
    };
    const user = await call(users.createUser, request);
    assert.deepEqual(await call(users.createUser, request), user);
    await remove(user);
  });

  test("is told whose an email is", async (assert) => {
    const create = call(users.createUser, { name: "Johnny", email: "JOHN@example.com" });
    const { reasons } = await failed(assert, create, Code.ALREADY_EXISTS);
    assert.deepEqual(reasons, [{ user_id: "1" }]);
  });

  test("finds people, and says how to go on", async (assert) => {
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

  if (client.conversation) {
    test("imports batch by batch", async (assert) => {
      const said = new Queue();
      const answers = client.conversation(users.importUsers, said);
      const say = (kind, value) => said.push({ kind: { case: kind, value } });
      say("begin", { importId: crypto.randomUUID() });
      assert.equal((await answers.next()).value.kind.value.lastSequence, 0n);
      const row = (line, name, email) => ({ line: BigInt(line), name, email });
      const rows = [row(2, "Radia", "radia@example.org"), row(3, "", "nobody@example.org")];
      say("batch", { sequence: 1n, rows });
      const batch = (await answers.next()).value.kind.value;
      assert.equal(batch.counts.created, 1n);
      assert.deepEqual(batch.refused.map(({ line, field }) => [line, field]), [[3n, "name"]]);
      said.end();
      assert.deepEqual(await all(answers), []);
      const query = "radia@example.org";
      const [radia] = await all(client.serverStream(users.listUsers, { query }));
      assert.equal(radia.name, "Radia");
      await remove(radia);
    });
  }
}
