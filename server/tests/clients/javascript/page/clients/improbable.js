// @improbable-eng/grpc-web, over fetch and over grpc-websockets.
//
// It is archived, and in the field. It has no deadlines: its users send `grpc-timeout` themselves
// (improbable-eng/grpc-web#831).

import { grpc } from "@improbable-eng/grpc-web";

import { details, Failure, path, read, server, written } from "../desk.js";
import { Queue } from "../queue.js";

function client(name, transport, more) {
  function call(method, { headers, signal, onHeaders }) {
    const answers = new Queue();
    const client = grpc.client(definition(method), { host: server, transport });
    client.onHeaders((found) => onHeaders?.((key) => found.get(key)[0]));
    client.onMessage((message) => answers.push(message));
    client.onEnd((code, message, trailers) => {
      if (code === grpc.Code.OK) {
        answers.end();
      } else {
        const [bytes] = trailers.get("grpc-status-details-bin");
        answers.fail(new Failure(code, message, details(bytes)));
      }
    });
    client.start(new grpc.Metadata(headers));
    // From here on it says nothing, not even that.
    signal?.addEventListener("abort", () => {
      client.close();
      answers.end();
    });
    const send = (request) => client.send({ serializeBinary: () => written(method, request) });
    return { answers, send, finish: () => client.finishSend() };
  }

  async function* many(method, requests, options = {}) {
    const { answers, send, finish } = call(method, options);
    const sent = (async () => {
      for await (const request of requests) {
        send(request);
      }
      finish();
    })();
    yield* answers;
    await sent;
  }

  async function one(method, requests, options) {
    const found = [];
    for await (const answer of many(method, requests, options)) {
      found.push(answer);
    }
    return found[0];
  }

  return {
    name,
    unary: (method, request, options) => one(method, [request], options),
    serverStream: (method, request, options) => many(method, [request], options),
    clientStream: one,
    conversation: many,
    withoutDeadlines: true,
    ...more,
  };
}

const definition = (method) => ({
  methodName: method.name,
  service: { serviceName: method.parent.typeName },
  requestStream: method.methodKind === "client_streaming" || method.methodKind === "bidi_streaming",
  responseStream: method.methodKind === "server_streaming" || method.methodKind === "bidi_streaming",
  responseType: { deserializeBinary: (bytes) => read(method, bytes) },
});

export const improbableFetch = client(
  "@improbable-eng/grpc-web over fetch",
  grpc.FetchReadableStreamTransport({}),
  { clientStream: undefined, conversation: undefined },
);
export const improbableSocket = client(
  "@improbable-eng/grpc-web over a socket",
  grpc.WebsocketTransport(),
);
