"""The base class of all tests: a channel, and assertions on errors."""

import os
import unittest
from urllib.parse import urlsplit

import grpc
from grpc_status import rpc_status

ADDRESS = urlsplit(os.environ["FRONTDESK_TEST_SERVER"])

# In seconds; longer than any call takes on a busy machine.
TIMEOUT = 30


class ServerTest(unittest.TestCase):
    """A test with an insecure channel to `localhost`."""

    def setUp(self):
        self.channel = grpc.insecure_channel(f"localhost:{ADDRESS.port}")
        self.addCleanup(self.channel.close)

    def assert_fails(self, code, call):
        """Calls `call`, which must fail with `code`; returns the error."""
        with self.assertRaises(grpc.RpcError) as caught:
            call()
        self.assertEqual(caught.exception.code(), code, caught.exception)
        return caught.exception

    def detail(self, error, message_type):
        """Returns the only detail of this type in `error`."""
        status = rpc_status.from_call(error)
        self.assertIsNotNone(status, "no details")
        self.assertEqual(status.code, error.code().value[0])
        self.assertEqual(status.message, error.details())
        found = [any for any in status.details if any.Is(message_type.DESCRIPTOR)]
        self.assertEqual(len(found), 1, status)
        detail = message_type()
        found[0].Unpack(detail)
        return detail
