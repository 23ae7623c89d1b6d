"""Reads of the directory, with and without a package."""

import grpc
from google.rpc import error_details_pb2

import unpackaged.user_pb2
import unpackaged.user_pb2_grpc
import user_pb2
import user_pb2_grpc
from base import TIMEOUT, ServerTest

# John Doe and the sample users of a new directory.
INITIAL_USERS = 1_000


class Users:
    """Tests of both services."""

    def setUp(self):
        super().setUp()
        self.stub = self.stubs.UserServiceStub(self.channel)

    def list(self, **request):
        return self.stub.ListUsers(self.messages.ListUsersRequest(**request), timeout=TIMEOUT)

    def get(self, user_id):
        return self.stub.GetUser(self.messages.UserRequest(id=user_id), timeout=TIMEOUT)

    def test_user_1_is_john_doe(self):
        user = self.get(1)
        self.assertEqual((user.id, user.name, user.email), (1, "John Doe", "john@example.com"))

    def test_an_unknown_id_is_not_found(self):
        error = self.assert_fails(grpc.StatusCode.NOT_FOUND, lambda: self.get(2_000_000_000))
        resource = self.detail(error, error_details_pb2.ResourceInfo)
        self.assertTrue(resource.resource_type)
        self.assertIn("2000000000", resource.resource_name)

    def test_a_page_has_page_size_users(self):
        first = [user.id for user in self.list(page=1, page_size=10)]
        second = [user.id for user in self.list(page=2, page_size=10)]
        self.assertEqual(len(first), 10)
        self.assertEqual(first[0], 1)
        self.assertEqual(first + second, sorted(set(first + second)))

    def test_a_page_has_50_users_by_default(self):
        self.assertEqual(len(list(self.list(page=1))), 50)

    def test_a_page_past_the_end_is_empty(self):
        self.assertEqual(list(self.list(page=2_000_000_000, page_size=1_000)), [])

    def test_page_0_is_all_users_and_their_number(self):
        call = self.list()
        metadata = dict(call.initial_metadata())
        users = list(call)
        self.assertEqual(metadata["x-total-count"], str(INITIAL_USERS))
        self.assertGreaterEqual(int(metadata["x-revision"]), 0)
        self.assertEqual(len(users), INITIAL_USERS)
        ids = [user.id for user in users]
        self.assertEqual(ids, sorted(set(ids)))
        self.assertTrue(all(user.name and "@" in user.email for user in users))

    def test_a_negative_page_is_rejected_with_the_field(self):
        cases = [({"page": -1}, ["page"]), ({"page": 1, "page_size": -1}, ["page_size"])]
        for request, fields in cases:
            with self.subTest(request=request):
                error = self.assert_fails(
                    grpc.StatusCode.INVALID_ARGUMENT, lambda: list(self.list(**request))
                )
                violations = self.detail(error, error_details_pb2.BadRequest).field_violations
                self.assertEqual([each.field for each in violations], fields)

    def test_a_list_can_be_cancelled(self):
        call = self.list()
        self.assertEqual(next(call).id, 1)
        call.cancel()
        self.assert_fails(grpc.StatusCode.CANCELLED, lambda: list(call))
        # The channel remains usable.
        self.assertEqual(self.get(1).id, 1)

    def test_an_expired_deadline_is_an_error(self):
        self.assert_fails(
            grpc.StatusCode.DEADLINE_EXCEEDED,
            lambda: list(self.stub.ListUsers(self.messages.ListUsersRequest(), timeout=-1)),
        )


class UsersWithPackage(Users, ServerTest):
    """`/user.UserService/…`"""

    messages = user_pb2
    stubs = user_pb2_grpc


class UsersWithoutPackage(Users, ServerTest):
    """`/UserService/…`"""

    messages = unpackaged.user_pb2
    stubs = unpackaged.user_pb2_grpc
