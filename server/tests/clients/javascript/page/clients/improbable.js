// @improbable-eng/grpc-web, over fetch and over grpc-websockets.
//
// It is archived but still in use. It has no deadlines: its users set `grpc-timeout` themselves
// (improbable-eng/grpc-web#831).

import { grpc } from "@improbable-eng/grpc-web";

import { CallError, decode, encode, parseDetails, server } from "../api.js";
import { Queue } from "../queue.js";

function client(name, transport, properties) {
  function call(method, { headers, signal, onHeaders }) {
    const responses = new Queue();
    const client = grpc.client(definition(method), { host: server, transport });
    client.onHeaders((headers) => onHeaders?.((key) => headers.get(key)[0]));
    client.onMessage((message) => responses.push(message));
    client.onEnd((code, message, trailers) => {
      if (code === grpc.Code.OK) {
        responses.end();
      } else {
        const [bytes] = trailers.get("grpc-status-details-bin");
        responses.fail(new CallError(code, message, parseDetails(bytes)));
      }
    });
    client.start(new grpc.Metadata(headers));
    // The client reports nothing after `close`.
    signal?.addEventListener("abort", () => {
      client.close();
      responses.end();
    });
    const send = (request) => client.send({ serializeBinary: () => encode(method, request) });
    return { responses, send, finish: () => client.finishSend() };
  }

  async function* stream(method, requests, options = {}) {
    const { responses, send, finish } = call(method, options);
    const sent = (async () => {
      for await (const request of requests) {
        send(request);
      }
      finish();
    })();
    yield* responses;
    await sent;
  }

  async function single(method, requests, options) {
    const received = [];
    for await (const response of stream(method, requests, options)) {
      received.push(response);
    }
    return received[0];
  }

  return {
    name,
    unary: (method, request, options) => single(method, [request], options),
    serverStream: (method, request, options) => stream(method, [request], options),
    clientStream: single,
    bidiStream: stream,
    noDeadlines: true,
    ...properties,
  };
}

const definition = (method) => ({
  methodName: method.name,
  service: { serviceName: method.parent.typeName },
  requestStream: method.methodKind === "client_streaming" || method.methodKind === "bidi_streaming",
  responseStream: method.methodKind === "server_streaming" || method.methodKind === "bidi_streaming",
  responseType: { deserializeBinary: (bytes) => decode(method, bytes) },
});

export const improbableFetch = client(
  "@improbable-eng/grpc-web over fetch",
  grpc.FetchReadableStreamTransport({}),
  { clientStream: undefined, bidiStream: undefined },
);
export const improbableSocket = client(
  "@improbable-eng/grpc-web over grpc-websockets",
  grpc.WebsocketTransport(),
);
