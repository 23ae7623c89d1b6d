"""What tools such as grpcurl ask first: which services are there, and are they well?"""

from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

from desk import PATIENCE, DeskTest

SERVICES = {
    "greeter.Greeter": {"SayHello", "LotsOfReplies", "LotsOfGreetings", "BidiHello"},
    "user.UserService": {"GetUser", "ListUsers"},
}


class Reflection(DeskTest):
    def test_v1alpha_describes_all_services(self):
        database = ProtoReflectionDescriptorDatabase(self.channel)
        services = set(database.get_services())
        self.assertLessEqual({*SERVICES, "grpc.health.v1.Health"}, services)
        pool = DescriptorPool(database)
        for service, methods in SERVICES.items():
            described = pool.FindServiceByName(service).methods_by_name
            self.assertLessEqual(methods, set(described))

    def test_what_is_not_there_is_not_found(self):
        pool = DescriptorPool(ProtoReflectionDescriptorDatabase(self.channel))
        # A status in place of an answer would be an RpcError.
        with self.assertRaises(KeyError):
            pool.FindServiceByName("user.Nobody")

    def test_v1_lists_all_services(self):
        # The messages are those of v1alpha under another name.
        call = self.channel.stream_stream(
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
            response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
        )
        requests = iter([reflection_pb2.ServerReflectionRequest(list_services="")])
        answers = list(call(requests, timeout=PATIENCE))
        services = {each.name for each in answers[0].list_services_response.service}
        self.assertLessEqual(set(SERVICES), services)


class Health(DeskTest):
    def test_the_server_and_each_service_are_serving(self):
        stub = health_pb2_grpc.HealthStub(self.channel)
        for service in ["", *SERVICES]:
            with self.subTest(service=service):
                answer = stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=PATIENCE)
                self.assertEqual(answer.status, health_pb2.HealthCheckResponse.SERVING)
