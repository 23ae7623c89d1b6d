// nice-grpc-web, over fetch and over grpc-websockets, with its middleware for deadlines and details.
//
// It enforces deadlines itself and does not send them: its users set `grpc-timeout`.

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

import { CallError, decode, encode, path, server } from "../api.js";

const factory = createClientFactory().use(errorDetailsClientMiddleware).use(deadlineMiddleware);

function client(name, transport, properties) {
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

  async function single(method, request, options = {}) {
    try {
      return await call(method, request, options);
    } catch (error) {
      throw toCallError(error);
    }
  }

  async function* stream(method, request, options = {}) {
    try {
      yield* call(method, request, options);
    } catch (error) {
      throw toCallError(error);
    }
  }

  return { name, unary: single, serverStream: stream, clientStream: single, bidiStream: stream, ...properties };
}

const definition = (method) => ({
  path: path(method),
  requestStream: method.methodKind === "client_streaming" || method.methodKind === "bidi_streaming",
  responseStream: method.methodKind === "server_streaming" || method.methodKind === "bidi_streaming",
  requestSerialize: (request) => encode(method, request),
  responseDeserialize: (bytes) => decode(method, bytes),
  options: {},
});

function toCallError(error) {
  if (!(error instanceof ClientError)) {
    return error;
  }
  return new CallError(error.code, error.details, error.extra);
}

/** Chromium does not support request streams over HTTP/1.1. */
export const niceFetch = client("nice-grpc-web over fetch", FetchTransport(), {
  clientStream: undefined,
  bidiStream: undefined,
});
export const niceSocket = client("nice-grpc-web over grpc-websockets", WebsocketTransport());
