// connect-web with its gRPC-Web transport: no request streams.

import { ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";

import { BadRequest, ErrorInfo, CallError, ResourceInfo, server } from "../api.js";

const transport = createGrpcWebTransport({ baseUrl: server });

function call(method, request, { headers, signal, timeout, onHeaders }) {
  return createClient(method.parent, transport)[method.localName](request, {
    headers,
    signal,
    timeoutMs: timeout,
    onHeader: (header) => onHeaders?.((key) => header.get(key)),
  });
}

function toCallError(error) {
  if (!(error instanceof ConnectError)) {
    return error;
  }
  const details = [BadRequest, ErrorInfo, ResourceInfo].flatMap((kind) => error.findDetails(kind));
  return new CallError(error.code, error.rawMessage, details);
}

export const connect = {
  name: "connect-web",

  async unary(method, request, options = {}) {
    try {
      return await call(method, request, options);
    } catch (error) {
      throw toCallError(error);
    }
  },

  async *serverStream(method, request, options = {}) {
    try {
      yield* call(method, request, options);
    } catch (error) {
      throw toCallError(error);
    }
  },
};
