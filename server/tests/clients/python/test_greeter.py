"""The greeter, by clients with and without a package."""

import queue

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


class Greetings:
    """Requests that are streams: what holds for both clients."""

    def requests(self, *names):
        return (greeter_pb2.HelloRequest(name=name) for name in names)

    def refused(self, call):
        """The field that `call` is refused for."""
        error = self.assert_fails(grpc.StatusCode.INVALID_ARGUMENT, call)
        violations = self.detail(error, error_details_pb2.BadRequest).field_violations
        self.assertTrue(all(each.description for each in violations))
        return [each.field for each in violations]

    def test_one_reply_names_everybody(self):
        for names, greeted in [
            (["Ada"], "Ada"),
            (["Ada", "Grace"], "Ada and Grace"),
            (["Ada", "Grace", " Linus "], "Ada, Grace and Linus"),
        ]:
            with self.subTest(names=names):
                reply = self.stub.LotsOfGreetings(self.requests(*names), timeout=PATIENCE)
                self.assertEqual(reply.message, f"Hello, {greeted}!")

    def test_who_is_no_name_is_told_by_their_number_and_nobody_is_nobody(self):
        for names, field in [
            ([], "requests"),
            (["Ada", ""], "requests[1].name"),
            (["Ada"] * 1_001, "requests"),
        ]:
            with self.subTest(names=len(names)):
                call = lambda: self.stub.LotsOfGreetings(self.requests(*names), timeout=PATIENCE)
                self.assertEqual(self.refused(call), [field])

    def test_each_is_answered_before_the_next_is_sent(self):
        said = queue.SimpleQueue()
        replies = self.stub.BidiHello(iter(said.get, None), timeout=PATIENCE)
        for name in ["Ada", "Grace", "Linus"]:
            said.put(greeter_pb2.HelloRequest(name=name))
            self.assertEqual(next(replies).message, f"Hello, {name}!")
        said.put(None)
        self.assertEqual(list(replies), [])

    def test_a_conversation_ends_at_what_is_no_name(self):
        replies = self.stub.BidiHello(self.requests("Ada", "", "Linus"), timeout=PATIENCE)
        self.assertEqual(next(replies).message, "Hello, Ada!")
        self.assertEqual(self.refused(lambda: next(replies)), ["requests[1].name"])

    def test_a_conversation_can_be_cancelled(self):
        said = queue.SimpleQueue()
        replies = self.stub.BidiHello(iter(said.get, None), timeout=PATIENCE)
        said.put(greeter_pb2.HelloRequest(name="Ada"))
        next(replies)
        replies.cancel()
        self.assert_fails(grpc.StatusCode.CANCELLED, lambda: next(replies))
        said.put(None)


class GreetingsWithPackage(Greetings, DeskTest):
    """`/greeter.Greeter/…`"""

    def setUp(self):
        super().setUp()
        self.stub = greeter_pb2_grpc.GreeterStub(self.channel)


class UnqualifiedStub:
    """As unqualified.proto has it, which can't be generated beside `unpackaged`."""

    def __init__(self, channel):
        codec = {
            "request_serializer": greeter_pb2.HelloRequest.SerializeToString,
            "response_deserializer": greeter_pb2.HelloReply.FromString,
        }
        self.LotsOfGreetings = channel.stream_unary("/Greeter/LotsOfGreetings", **codec)
        self.BidiHello = channel.stream_stream("/Greeter/BidiHello", **codec)


class GreetingsWithoutPackage(Greetings, DeskTest):
    """`/Greeter/…`, where these replies have the exclamation mark too."""

    def setUp(self):
        super().setUp()
        self.stub = UnqualifiedStub(self.channel)
