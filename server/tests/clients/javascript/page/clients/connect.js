// connect-web, by its transport for gRPC-Web; it has no other two kinds of calls.

import { ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";

import { BadRequest, ErrorInfo, Failure, ResourceInfo, server } from "../desk.js";

const transport = createGrpcWebTransport({ baseUrl: server });

function call(method, request, { headers, signal, timeout, onHeaders }) {
  return createClient(method.parent, transport)[method.localName](request, {
    headers,
    signal,
    timeoutMs: timeout,
    onHeader: (header) => onHeaders?.((key) => header.get(key)),
  });
}

function failure(error) {
  if (!(error instanceof ConnectError)) {
    return error;
  }
  const details = [BadRequest, ErrorInfo, ResourceInfo].flatMap((kind) => error.findDetails(kind));
  return new Failure(error.code, error.rawMessage, details);
}

export const connect = {
  name: "connect-web",

  async unary(method, request, options = {}) {
    try {
      return await call(method, request, options);
    } catch (error) {
      throw failure(error);
    }
  },

  async *serverStream(method, request, options = {}) {
    try {
      yield* call(method, request, options);
    } catch (error) {
      throw failure(error);
    }
  },
};
