// Google's grpc-web, in the text and the binary format. It uses XMLHttpRequest in every browser.

import { GrpcWebClientBase, MethodDescriptor, MethodType, RpcError } from "grpc-web";

import { CallError, decode, encode, parseDetails, path, server } from "../api.js";
import { Queue } from "../queue.js";

function client(name, format, properties) {
  const base = new GrpcWebClientBase({ format });

  const callArguments = (method, request, { headers = {}, timeout }) => {
    const deadline = timeout === undefined ? {} : { deadline: String(Date.now() + timeout) };
    return [server + path(method), request, { ...headers, ...deadline }, descriptor(method)];
  };

  return {
    name,

    async unary(method, request, options = {}) {
      try {
        return await base.unaryCall(...callArguments(method, request, options), { signal: options.signal });
      } catch (error) {
        throw toCallError(error);
      }
    },

    async *serverStream(method, request, options = {}) {
      const responses = new Queue();
      const stream = base.serverStreaming(...callArguments(method, request, options));
      stream.on("metadata", (metadata) => options.onHeaders?.((key) => metadata[key]));
      stream.on("data", (message) => responses.push(message));
      stream.on("error", (error) => responses.fail(toCallError(error)));
      stream.on("end", () => responses.end());
      // grpc-web reports nothing after `cancel`.
      options.signal?.addEventListener("abort", () => {
        stream.cancel();
        responses.end();
      });
      yield* responses;
    },
    ...properties,
  };
}

const descriptor = (method) =>
  new MethodDescriptor(
    path(method),
    method.methodKind === "unary" ? MethodType.UNARY : MethodType.SERVER_STREAMING,
    Object,
    Object,
    (request) => encode(method, request),
    (bytes) => decode(method, bytes),
  );

const toCallError = (error) =>
  error instanceof RpcError
    ? new CallError(error.code, error.message, parseDetails(error.metadata["grpc-status-details-bin"]))
    : error;

export const google = [
  client("grpc-web (text)", "text"),
  // XMLHttpRequest provides a binary response only when it is complete (grpc/grpc-web#344).
  client("grpc-web (binary)", "binary", { bufferedStreams: true }),
];
