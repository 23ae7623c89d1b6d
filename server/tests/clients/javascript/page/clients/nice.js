// nice-grpc-web, over fetch and over grpc-websockets, with its middleware for deadlines and details.
//
// Its deadlines are its own: it does not tell them to the server. Its users send `grpc-timeout`.

import {
  createChannel,
  createClientFactory,
  ClientError,
  FetchTransport,
  Metadata,
  WebsocketTransport,
} from "nice-grpc-web";
import { deadlineMiddleware } from "nice-grpc-client-middleware-deadline";
import { errorDetailsClientMiddleware } from "nice-grpc-error-details";

import { Failure, path, read, server, written } from "../desk.js";

const factory = createClientFactory().use(errorDetailsClientMiddleware).use(deadlineMiddleware);

function client(name, transport, more) {
  const channel = createChannel(server, transport);

  function call(method, request, { headers, signal, timeout, onHeaders }) {
    const { localName } = method;
    const stub = factory.create({ [localName]: definition(method) }, channel);
    return stub[localName](request, {
      metadata: Metadata(headers),
      signal,
      deadline: timeout,
      onHeader: (header) => onHeaders?.((key) => header.get(key)),
    });
  }

  async function one(method, request, options = {}) {
    try {
      return await call(method, request, options);
    } catch (error) {
      throw failure(error);
    }
  }

  async function* many(method, request, options = {}) {
    try {
      yield* call(method, request, options);
    } catch (error) {
      throw failure(error);
    }
  }

  return { name, unary: one, serverStream: many, clientStream: one, conversation: many, ...more };
}

const definition = (method) => ({
  path: path(method),
  requestStream: method.methodKind === "client_streaming" || method.methodKind === "bidi_streaming",
  responseStream: method.methodKind === "server_streaming" || method.methodKind === "bidi_streaming",
  requestSerialize: (request) => written(method, request),
  responseDeserialize: (bytes) => read(method, bytes),
  options: {},
});

function failure(error) {
  if (!(error instanceof ClientError)) {
    return error;
  }
  return new Failure(error.code, error.details, error.extra);
}

/** Chromium sends no request over HTTP/1.1 that is a stream. */
export const niceFetch = client("nice-grpc-web over fetch", FetchTransport(), {
  clientStream: undefined,
  conversation: undefined,
});
export const niceSocket = client("nice-grpc-web over a socket", WebsocketTransport());
