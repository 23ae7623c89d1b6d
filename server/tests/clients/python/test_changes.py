"""Writes, watches and imports."""

import threading
import uuid

import grpc
from google.protobuf.field_mask_pb2 import FieldMask
from google.rpc import error_details_pb2

import user_pb2
import user_pb2_grpc
from base import TIMEOUT, ServerTest


class ChangesTest(ServerTest):
    """Every test deletes the users that it creates: other tests count users."""

    def setUp(self):
        super().setUp()
        self.stub = user_pb2_grpc.UserServiceStub(self.channel)

    def create(self, name, email, request_id=""):
        request = user_pb2.CreateUserRequest(name=name, email=email, request_id=request_id)
        user = self.stub.CreateUser(request, timeout=TIMEOUT)
        self.addCleanup(self.remove, user.id)
        return user

    def remove(self, user_id):
        try:
            self.stub.DeleteUser(user_pb2.DeleteUserRequest(id=user_id), timeout=TIMEOUT)
        except grpc.RpcError as error:
            # The test may have deleted the user.
            self.assertEqual(error.code(), grpc.StatusCode.NOT_FOUND)

    def update(self, **request):
        return self.stub.UpdateUser(user_pb2.UpdateUserRequest(**request), timeout=TIMEOUT)

    def info(self, error):
        return self.detail(error, error_details_pb2.ErrorInfo).metadata

    def test_a_watch_receives_changes_with_their_revisions(self):
        watch = self.stub.WatchUsers(user_pb2.WatchUsersRequest(), timeout=TIMEOUT)
        first = next(watch)
        self.assertEqual(first.kind, user_pb2.UserEvent.BOOKMARK)

        ada = self.create("Ada Lovelace", "ada@example.org")
        self.assertEqual(ada.revision, first.revision + 1)
        renamed = self.update(id=ada.id, name="Ada King", expected_revision=ada.revision)
        deleted = self.stub.DeleteUser(user_pb2.DeleteUserRequest(id=ada.id), timeout=TIMEOUT)
        self.assertGreater(deleted.purge_time.seconds, deleted.delete_time.seconds)
        restored = self.stub.RestoreUser(user_pb2.RestoreUserRequest(id=ada.id), timeout=TIMEOUT)

        events = [next(watch) for _ in range(4)]
        watch.cancel()
        self.assertEqual([event.user for event in events], [ada, renamed, deleted, restored])
        kinds = [user_pb2.UserEvent.Kind.Name(event.kind) for event in events]
        self.assertEqual(kinds, ["CREATED", "UPDATED", "DELETED", "RESTORED"])
        self.assertEqual(events[1].previous_name, "Ada Lovelace")

        request = user_pb2.ListChangesRequest(user_id=ada.id)
        history = list(self.stub.ListChanges(request, timeout=TIMEOUT))
        self.assertEqual(history, events[::-1])

    def test_a_watch_continues_at_a_revision(self):
        grace = self.create("Grace Hopper", "grace@example.org")
        request = user_pb2.WatchUsersRequest(from_revision=grace.revision - 1, user_id=grace.id)
        watch = self.stub.WatchUsers(request, timeout=TIMEOUT)
        self.assertEqual(next(watch).user, grace)
        watch.cancel()

    def test_a_later_change_is_not_overwritten(self):
        user = self.create("Linus", "linus@example.org")
        newer = self.update(id=user.id, name="Linus T.")
        stale = lambda: self.update(id=user.id, name="L.", expected_revision=user.revision)
        error = self.assert_fails(grpc.StatusCode.ABORTED, stale)
        self.assertEqual(self.info(error)["current_revision"], str(newer.revision))

    def test_a_mask_selects_the_fields_to_change(self):
        user = self.create("Zoë", "zoe@example.org")
        mask = FieldMask(paths=["email"])
        changed = self.update(id=user.id, name="Ignored", email="z@example.org", update_mask=mask)
        self.assertEqual((changed.name, changed.email), ("Zoë", "z@example.org"))

    def test_a_repeated_request_is_applied_once(self):
        request_id = str(uuid.uuid4())
        user = self.create("Barbara", "barbara@example.org", request_id)
        self.assertEqual(self.create("Barbara", "barbara@example.org", request_id), user)

    def test_an_email_belongs_to_one_user(self):
        create = lambda: self.create("Johnny", "JOHN@example.com")
        error = self.assert_fails(grpc.StatusCode.ALREADY_EXISTS, create)
        self.assertEqual(self.info(error)["user_id"], "1")

    def test_users_are_found_and_sorted(self):
        zoe = self.create("Zoë Sokołów", "z.s@example.org")
        for query in ["zoe sokolow", "ZOË", "z.s@example.org", str(zoe.id)]:
            with self.subTest(query=query):
                call = self.stub.ListUsers(user_pb2.ListUsersRequest(query=query), timeout=TIMEOUT)
                self.assertIn(zoe, list(call))
        newest = user_pb2.ListUsersRequest(order_by="update_time desc", page=1, page_size=1)
        call = self.stub.ListUsers(newest, timeout=TIMEOUT)
        token = dict(call.initial_metadata())["x-next-page-token"]
        self.assertEqual(list(call), [zoe])
        newest = user_pb2.ListUsersRequest(
            order_by="update_time desc", page_size=1, page_token=token
        )
        self.assertNotIn(zoe, list(self.stub.ListUsers(newest, timeout=TIMEOUT)))

    def test_an_import_acknowledges_each_batch(self):
        rows = [
            user_pb2.ImportRow(line=2, name="Radia", email="radia@example.org"),
            user_pb2.ImportRow(line=3, name="", email="unnamed@example.org"),
            user_pb2.ImportRow(line=4, name="Johnny", email="john@example.com"),
        ]
        import_id = str(uuid.uuid4())
        acknowledged = threading.Event()

        def requests(validate_only):
            start = user_pb2.StartImport(import_id=import_id, validate_only=validate_only)
            yield user_pb2.ImportUsersRequest(start=start)
            batch = user_pb2.ImportBatch(sequence=1, rows=rows)
            yield user_pb2.ImportUsersRequest(batch=batch)
            # The response comes while the request is still open.
            self.assertTrue(acknowledged.wait(TIMEOUT))

        for validate_only in [True, False]:
            acknowledged.clear()
            call = self.stub.ImportUsers(requests(validate_only), timeout=TIMEOUT)
            self.assertEqual(next(call).started.last_sequence, 0)
            batch = next(call).batch
            acknowledged.set()
            self.assertEqual(list(call), [])
            self.assertEqual((batch.counts.created, batch.counts.rejected), (1, 2))
            rejected = [(row.line, row.field) for row in batch.rejected_rows]
            self.assertEqual(rejected, [(3, "name"), (4, "email")])
        found = self.stub.ListUsers(
            user_pb2.ListUsersRequest(query="radia@example.org"), timeout=TIMEOUT
        )
        for user in found:
            self.addCleanup(self.remove, user.id)
            self.assertEqual(user.name, "Radia")
