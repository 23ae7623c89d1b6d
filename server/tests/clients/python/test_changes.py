"""Changes of the directory, and who watches them."""

import threading
import uuid

import grpc
from google.protobuf.field_mask_pb2 import FieldMask
from google.rpc import error_details_pb2

import user_pb2
import user_pb2_grpc
from desk import PATIENCE, DeskTest


class ChangesTest(DeskTest):
    """Everybody who is added goes again: other tests count who is there."""

    def setUp(self):
        super().setUp()
        self.stub = user_pb2_grpc.UserServiceStub(self.channel)

    def create(self, name, email, request_id=""):
        request = user_pb2.CreateUserRequest(name=name, email=email, request_id=request_id)
        user = self.stub.CreateUser(request, timeout=PATIENCE)
        self.addCleanup(self.remove, user.id)
        return user

    def remove(self, user_id):
        try:
            self.stub.DeleteUser(user_pb2.DeleteUserRequest(id=user_id), timeout=PATIENCE)
        except grpc.RpcError as error:
            # The test itself may have done so.
            self.assertEqual(error.code(), grpc.StatusCode.NOT_FOUND)

    def update(self, **request):
        return self.stub.UpdateUser(user_pb2.UpdateUserRequest(**request), timeout=PATIENCE)

    def info(self, error):
        return self.detail(error, error_details_pb2.ErrorInfo).metadata

    def test_a_change_has_a_revision_and_is_told_to_who_watches(self):
        watch = self.stub.WatchUsers(user_pb2.WatchUsersRequest(), timeout=PATIENCE)
        first = next(watch)
        self.assertEqual(first.kind, user_pb2.UserEvent.BOOKMARK)

        ada = self.create("Ada Lovelace", "ada@example.org")
        self.assertEqual(ada.revision, first.revision + 1)
        renamed = self.update(id=ada.id, name="Ada King", expected_revision=ada.revision)
        gone = self.stub.DeleteUser(user_pb2.DeleteUserRequest(id=ada.id), timeout=PATIENCE)
        self.assertGreater(gone.purge_time.seconds, gone.delete_time.seconds)
        back = self.stub.RestoreUser(user_pb2.RestoreUserRequest(id=ada.id), timeout=PATIENCE)

        told = [next(watch) for _ in range(4)]
        watch.cancel()
        self.assertEqual([event.user for event in told], [ada, renamed, gone, back])
        kinds = [user_pb2.UserEvent.Kind.Name(event.kind) for event in told]
        self.assertEqual(kinds, ["CREATED", "UPDATED", "DELETED", "RESTORED"])
        self.assertEqual(told[1].previous_name, "Ada Lovelace")

        request = user_pb2.ListChangesRequest(id=ada.id)
        history = list(self.stub.ListChanges(request, timeout=PATIENCE))
        self.assertEqual(history, told[::-1])

    def test_who_watches_goes_on_where_it_was(self):
        grace = self.create("Grace Hopper", "grace@example.org")
        request = user_pb2.WatchUsersRequest(from_revision=grace.revision - 1, id=grace.id)
        watch = self.stub.WatchUsers(request, timeout=PATIENCE)
        self.assertEqual(next(watch).user, grace)
        watch.cancel()

    def test_what_was_changed_since_is_not_overwritten(self):
        user = self.create("Linus", "linus@example.org")
        newer = self.update(id=user.id, name="Linus T.")
        stale = lambda: self.update(id=user.id, name="L.", expected_revision=user.revision)
        error = self.assert_fails(grpc.StatusCode.ABORTED, stale)
        self.assertEqual(self.info(error)["current_revision"], str(newer.revision))

    def test_a_mask_says_what_is_changed(self):
        user = self.create("Zoë", "zoe@example.org")
        mask = FieldMask(paths=["email"])
        changed = self.update(id=user.id, name="Nobody", email="z@example.org", update_mask=mask)
        self.assertEqual((changed.name, changed.email), ("Zoë", "z@example.org"))

    def test_a_request_that_is_sent_again_changes_nothing_twice(self):
        request_id = str(uuid.uuid4())
        user = self.create("Barbara", "barbara@example.org", request_id)
        self.assertEqual(self.create("Barbara", "barbara@example.org", request_id), user)

    def test_an_email_is_one_persons(self):
        create = lambda: self.create("Johnny", "JOHN@example.com")
        error = self.assert_fails(grpc.StatusCode.ALREADY_EXISTS, create)
        self.assertEqual(self.info(error)["user_id"], "1")

    def test_people_are_found_and_sorted(self):
        zoe = self.create("Zoë Sokołów", "z.s@example.org")
        for query in ["zoe sokolow", "ZOË", "z.s@example.org", str(zoe.id)]:
            with self.subTest(query=query):
                call = self.stub.ListUsers(user_pb2.ListUsersRequest(query=query), timeout=PATIENCE)
                self.assertIn(zoe, list(call))
        newest = user_pb2.ListUsersRequest(order_by="update_time desc", page=1, page_size=1)
        call = self.stub.ListUsers(newest, timeout=PATIENCE)
        token = dict(call.initial_metadata())["x-next-page-token"]
        self.assertEqual(list(call), [zoe])
        newest = user_pb2.ListUsersRequest(
            order_by="update_time desc", page_size=1, page_token=token
        )
        self.assertNotIn(zoe, list(self.stub.ListUsers(newest, timeout=PATIENCE)))

    def test_an_import_is_answered_batch_by_batch(self):
        rows = [
            user_pb2.ImportRow(line=2, name="Radia", email="radia@example.org"),
            user_pb2.ImportRow(line=3, name="", email="nobody@example.org"),
            user_pb2.ImportRow(line=4, name="Johnny", email="john@example.com"),
        ]
        import_id = str(uuid.uuid4())
        answered = threading.Event()

        def requests(dry_run):
            begin = user_pb2.BeginImport(import_id=import_id, dry_run=dry_run)
            yield user_pb2.ImportUsersRequest(begin=begin)
            batch = user_pb2.ImportBatch(sequence=1, rows=rows)
            yield user_pb2.ImportUsersRequest(batch=batch)
            # The answer comes while the request is still open.
            self.assertTrue(answered.wait(PATIENCE))

        for dry_run in [True, False]:
            answered.clear()
            call = self.stub.ImportUsers(requests(dry_run), timeout=PATIENCE)
            self.assertEqual(next(call).begun.last_sequence, 0)
            batch = next(call).batch
            answered.set()
            self.assertEqual(list(call), [])
            self.assertEqual((batch.counts.created, batch.counts.refused), (1, 2))
            refused = [(row.line, row.field) for row in batch.refused]
            self.assertEqual(refused, [(3, "name"), (4, "email")])
        found = self.stub.ListUsers(
            user_pb2.ListUsersRequest(query="radia@example.org"), timeout=PATIENCE
        )
        for user in found:
            self.addCleanup(self.remove, user.id)
            self.assertEqual(user.name, "Radia")
