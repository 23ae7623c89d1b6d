"""The greeter, by clients with and without a package."""

import grpc
from google.rpc import error_details_pb2

import greeter_pb2
import greeter_pb2_grpc
import unpackaged.greeter_pb2
import unpackaged.greeter_pb2_grpc
from desk import PATIENCE, DeskTest

# Each name, and what of it comes back.
NAMES = {
    "Ada": "Ada",
    "  Grace Hopper\t": "Grace Hopper",
    "李小龍": "李小龍",
    "محمد": "محمد",
    "Zoe\u0308": "Zo\u00eb",
    "O'Neil & <b>": "O'Neil & <b>",
    "x" * 200: "x" * 200,
}


class Greeter:
    """What holds for both clients."""

    def test_greets_by_name(self):
        for name, greeted in NAMES.items():
            with self.subTest(name=name):
                reply = self.stub.SayHello(self.request(name=name), timeout=PATIENCE)
                self.assertEqual(reply.message, f"Hello, {greeted}{self.end}")

    def test_greets_in_many_languages(self):
        replies = self.stub.LotsOfReplies(self.request(name="Ada"), timeout=PATIENCE)
        messages = [reply.message for reply in replies]
        # Neighbours greet alike: «Hej» is Danish, and Swedish, too.
        self.assertGreaterEqual(len(set(messages)), 12)
        for message in messages:
            self.assertIn("Ada", message)

    def test_refuses_what_is_no_name_and_says_why(self):
        for name in ["", " \t ", "x" * 201, "a\u0000b", "line\nbreak"]:
            for method in [self.stub.SayHello, lambda *a, **k: list(self.stub.LotsOfReplies(*a, **k))]:
                with self.subTest(name=name):
                    error = self.assert_fails(
                        grpc.StatusCode.INVALID_ARGUMENT,
                        lambda: method(self.request(name=name), timeout=PATIENCE),
                    )
                    violations = self.detail(error, error_details_pb2.BadRequest).field_violations
                    self.assertEqual([each.field for each in violations], ["name"])
                    self.assertTrue(violations[0].description)

    def test_a_deadline_that_is_over_is_told(self):
        self.assert_fails(
            grpc.StatusCode.DEADLINE_EXCEEDED,
            lambda: self.stub.SayHello(self.request(name="Ada"), timeout=-1),
        )
        # The channel is none the worse for it.
        self.stub.SayHello(self.request(name="Ada"), timeout=PATIENCE)


class GreeterWithPackage(Greeter, DeskTest):
    """`/greeter.Greeter/…`"""

    request = greeter_pb2.HelloRequest
    end = "!"

    def setUp(self):
        super().setUp()
        self.stub = greeter_pb2_grpc.GreeterStub(self.channel)


class GreeterWithoutPackage(Greeter, DeskTest):
    """`/Greeter/…`, where no exclamation mark ever was."""

    request = unpackaged.greeter_pb2.HelloRequest
    end = ""

    def setUp(self):
        super().setUp()
        self.stub = unpackaged.greeter_pb2_grpc.GreeterStub(self.channel)
