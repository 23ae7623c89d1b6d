"""Server reflection and health checks, as tools such as grpcurl use them."""

from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

from base import TIMEOUT, ServerTest

SERVICES = {
    "greeter.Greeter": {"SayHello", "LotsOfReplies", "LotsOfGreetings", "BidiHello"},
    "user.UserService": {"GetUser", "ListUsers"},
}


class Reflection(ServerTest):
    def test_v1alpha_describes_all_services(self):
        database = ProtoReflectionDescriptorDatabase(self.channel)
        services = set(database.get_services())
        self.assertLessEqual({*SERVICES, "grpc.health.v1.Health"}, services)
        pool = DescriptorPool(database)
        for service, methods in SERVICES.items():
            described = pool.FindServiceByName(service).methods_by_name
            self.assertLessEqual(methods, set(described))

    def test_an_unknown_symbol_is_not_found(self):
        pool = DescriptorPool(ProtoReflectionDescriptorDatabase(self.channel))
        # A call that failed would be an RpcError.
        with self.assertRaises(KeyError):
            pool.FindServiceByName("user.Unknown")

    def test_v1_lists_all_services(self):
        # The messages are the same as those of v1alpha.
        call = self.channel.stream_stream(
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
            response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
        )
        requests = iter([reflection_pb2.ServerReflectionRequest(list_services="")])
        responses = list(call(requests, timeout=TIMEOUT))
        services = {each.name for each in responses[0].list_services_response.service}
        self.assertLessEqual(set(SERVICES), services)


class Health(ServerTest):
    def test_the_server_and_each_service_are_serving(self):
        stub = health_pb2_grpc.HealthStub(self.channel)
        for service in ["", *SERVICES]:
            with self.subTest(service=service):
                response = stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=TIMEOUT)
                self.assertEqual(response.status, health_pb2.HealthCheckResponse.SERVING)
