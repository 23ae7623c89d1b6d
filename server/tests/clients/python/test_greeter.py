"""The greeter, with and without a package."""

import queue

import grpc
from google.rpc import error_details_pb2

import greeter_pb2
import greeter_pb2_grpc
import unpackaged.greeter_pb2
import unpackaged.greeter_pb2_grpc
from base import TIMEOUT, ServerTest

# Names, and how the greeting contains them.
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
    """Tests of both services."""

    def test_greets_by_name(self):
        for name, greeted in NAMES.items():
            with self.subTest(name=name):
                reply = self.stub.SayHello(self.request(name=name), timeout=TIMEOUT)
                self.assertEqual(reply.message, f"Hello, {greeted}{self.end}")

    def test_greets_in_many_languages(self):
        replies = self.stub.LotsOfReplies(self.request(name="Ada"), timeout=TIMEOUT)
        messages = [reply.message for reply in replies]
        # Some languages share a greeting: "Hej" is Danish and Swedish.
        self.assertGreaterEqual(len(set(messages)), 12)
        for message in messages:
            self.assertIn("Ada", message)

    def test_rejects_an_invalid_name_with_a_description(self):
        for name in ["", " \t ", "x" * 201, "a\u0000b", "line\nbreak"]:
            for method in [self.stub.SayHello, lambda *a, **k: list(self.stub.LotsOfReplies(*a, **k))]:
                with self.subTest(name=name):
                    error = self.assert_fails(
                        grpc.StatusCode.INVALID_ARGUMENT,
                        lambda: method(self.request(name=name), timeout=TIMEOUT),
                    )
                    violations = self.detail(error, error_details_pb2.BadRequest).field_violations
                    self.assertEqual([each.field for each in violations], ["name"])
                    self.assertTrue(violations[0].description)

    def test_an_expired_deadline_is_an_error(self):
        self.assert_fails(
            grpc.StatusCode.DEADLINE_EXCEEDED,
            lambda: self.stub.SayHello(self.request(name="Ada"), timeout=-1),
        )
        # The channel remains usable.
        self.stub.SayHello(self.request(name="Ada"), timeout=TIMEOUT)


class GreeterWithPackage(Greeter, ServerTest):
    """`/greeter.Greeter/…`"""

    request = greeter_pb2.HelloRequest
    end = "!"

    def setUp(self):
        super().setUp()
        self.stub = greeter_pb2_grpc.GreeterStub(self.channel)


class GreeterWithoutPackage(Greeter, ServerTest):
    """`/Greeter/…`, whose greeting has no exclamation mark."""

    request = unpackaged.greeter_pb2.HelloRequest
    end = ""

    def setUp(self):
        super().setUp()
        self.stub = unpackaged.greeter_pb2_grpc.GreeterStub(self.channel)


class RequestStreams:
    """Request streams: tests of both services."""

    def requests(self, *names):
        return (greeter_pb2.HelloRequest(name=name) for name in names)

    def invalid_fields(self, call):
        """Returns the fields for which `call` is rejected."""
        error = self.assert_fails(grpc.StatusCode.INVALID_ARGUMENT, call)
        violations = self.detail(error, error_details_pb2.BadRequest).field_violations
        self.assertTrue(all(each.description for each in violations))
        return [each.field for each in violations]

    def test_lots_of_greetings_greets_every_name(self):
        for names, greeted in [
            (["Ada"], "Ada"),
            (["Ada", "Grace"], "Ada and Grace"),
            (["Ada", "Grace", " Linus "], "Ada, Grace and Linus"),
        ]:
            with self.subTest(names=names):
                reply = self.stub.LotsOfGreetings(self.requests(*names), timeout=TIMEOUT)
                self.assertEqual(reply.message, f"Hello, {greeted}!")

    def test_an_invalid_name_an_empty_stream_and_too_many_names_are_rejected(self):
        for names, field in [
            ([], "requests"),
            (["Ada", ""], "requests[1].name"),
            (["Ada"] * 1_001, "requests"),
        ]:
            with self.subTest(names=len(names)):
                call = lambda: self.stub.LotsOfGreetings(self.requests(*names), timeout=TIMEOUT)
                self.assertEqual(self.invalid_fields(call), [field])

    def test_bidi_hello_replies_before_the_next_request(self):
        requests = queue.SimpleQueue()
        replies = self.stub.BidiHello(iter(requests.get, None), timeout=TIMEOUT)
        for name in ["Ada", "Grace", "Linus"]:
            requests.put(greeter_pb2.HelloRequest(name=name))
            self.assertEqual(next(replies).message, f"Hello, {name}!")
        requests.put(None)
        self.assertEqual(list(replies), [])

    def test_bidi_hello_ends_at_an_invalid_name(self):
        replies = self.stub.BidiHello(self.requests("Ada", "", "Linus"), timeout=TIMEOUT)
        self.assertEqual(next(replies).message, "Hello, Ada!")
        self.assertEqual(self.invalid_fields(lambda: next(replies)), ["requests[1].name"])

    def test_bidi_hello_can_be_cancelled(self):
        requests = queue.SimpleQueue()
        replies = self.stub.BidiHello(iter(requests.get, None), timeout=TIMEOUT)
        requests.put(greeter_pb2.HelloRequest(name="Ada"))
        next(replies)
        replies.cancel()
        self.assert_fails(grpc.StatusCode.CANCELLED, lambda: next(replies))
        requests.put(None)


class RequestStreamsWithPackage(RequestStreams, ServerTest):
    """`/greeter.Greeter/…`"""

    def setUp(self):
        super().setUp()
        self.stub = greeter_pb2_grpc.GreeterStub(self.channel)


class UnqualifiedStub:
    """The request streams of unqualified.proto, whose stubs would conflict with `unpackaged`."""

    def __init__(self, channel):
        codec = {
            "request_serializer": greeter_pb2.HelloRequest.SerializeToString,
            "response_deserializer": greeter_pb2.HelloReply.FromString,
        }
        self.LotsOfGreetings = channel.stream_unary("/Greeter/LotsOfGreetings", **codec)
        self.BidiHello = channel.stream_stream("/Greeter/BidiHello", **codec)


class RequestStreamsWithoutPackage(RequestStreams, ServerTest):
    """`/Greeter/…`: these replies have an exclamation mark."""

    def setUp(self):
        super().setUp()
        self.stub = UnqualifiedStub(self.channel)
