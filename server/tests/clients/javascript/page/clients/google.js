// Google's grpc-web, in text and in binary. It calls by XMLHttpRequest, whatever the browser has.

import { GrpcWebClientBase, MethodDescriptor, MethodType, RpcError } from "grpc-web";

import { details, Failure, path, read, server, written } from "../desk.js";
import { Queue } from "../queue.js";

function client(name, format, more) {
  const base = new GrpcWebClientBase({ format });

  const called = (method, request, { headers = {}, timeout }) => {
    const deadline = timeout === undefined ? {} : { deadline: String(Date.now() + timeout) };
    return [server + path(method), request, { ...headers, ...deadline }, descriptor(method)];
  };

  return {
    name,

    async unary(method, request, options = {}) {
      try {
        return await base.unaryCall(...called(method, request, options), { signal: options.signal });
      } catch (error) {
        throw failure(error);
      }
    },

    async *serverStream(method, request, options = {}) {
      const answers = new Queue();
      const stream = base.serverStreaming(...called(method, request, options));
      stream.on("metadata", (found) => options.onHeaders?.((key) => found[key]));
      stream.on("data", (message) => answers.push(message));
      stream.on("error", (error) => answers.fail(failure(error)));
      stream.on("end", () => answers.end());
      // From here on it says nothing, not even that.
      options.signal?.addEventListener("abort", () => {
        stream.cancel();
        answers.end();
      });
      yield* answers;
    },
    ...more,
  };
}

const descriptor = (method) =>
  new MethodDescriptor(
    path(method),
    method.methodKind === "unary" ? MethodType.UNARY : MethodType.SERVER_STREAMING,
    Object,
    Object,
    (request) => written(method, request),
    (bytes) => read(method, bytes),
  );

const failure = (error) =>
  error instanceof RpcError
    ? new Failure(error.code, error.message, details(error.metadata["grpc-status-details-bin"]))
    : error;

export const google = [
  client("grpc-web in text", "text"),
  // XMLHttpRequest hands on an answer in binary when all of it has come (grpc/grpc-web#344).
  client("grpc-web in binary", "binary", { wholeOnly: true }),
];
