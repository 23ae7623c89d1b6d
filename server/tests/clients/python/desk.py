"""What the tests share: the channel, and what is in an error."""

import os
import unittest
from urllib.parse import urlsplit

import grpc
from grpc_status import rpc_status

ADDRESS = urlsplit(os.environ["FRONTDESK_TEST_SERVER"])

# No call of these tests takes longer on a machine that is alive.
PATIENCE = 30


class DeskTest(unittest.TestCase):
    """A test with an insecure channel to `localhost`, as people write it."""

    def setUp(self):
        self.channel = grpc.insecure_channel(f"localhost:{ADDRESS.port}")
        self.addCleanup(self.channel.close)

    def assert_fails(self, code, call):
        """Calls `call`, which has to end with `code`; returns the error."""
        with self.assertRaises(grpc.RpcError) as caught:
            call()
        self.assertEqual(caught.exception.code(), code, caught.exception)
        return caught.exception

    def detail(self, error, kind):
        """The one detail of type `kind` that `error` carries."""
        status = rpc_status.from_call(error)
        self.assertIsNotNone(status, "there are no details")
        self.assertEqual(status.code, error.code().value[0])
        self.assertEqual(status.message, error.details())
        found = [each for each in status.details if each.Is(kind.DESCRIPTOR)]
        self.assertEqual(len(found), 1, status)
        detail = kind()
        found[0].Unpack(detail)
        return detail
