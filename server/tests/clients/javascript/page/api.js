// The server, its services and messages, and errors, for all clients.
//
// No code is generated: @bufbuild/protobuf encodes and decodes messages by their descriptors, and each
// client wraps these functions in the types that it expects.

import { create, createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

/** The origin of the server. The bundler defines SERVER and DESCRIPTORS. */
export const server = SERVER;

const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, base64Decode(DESCRIPTORS)),
);

const service = (name) => registry.getService(name).method;

export const greeter = service("greeter.Greeter");
export const users = service("user.UserService");
/** The greeter without a package. */
export const unqualified = service("Greeter");

export const BadRequest = registry.getMessage("google.rpc.BadRequest");
export const ErrorInfo = registry.getMessage("google.rpc.ErrorInfo");
export const ResourceInfo = registry.getMessage("google.rpc.ResourceInfo");
const Status = registry.getMessage("google.rpc.Status");

export const path = (method) => `/${method.parent.typeName}/${method.name}`;

/** Encodes a request of `method`. */
export const encode = (method, request) => toBinary(method.input, create(method.input, request));

/** Decodes a response of `method`. */
export const decode = (method, bytes) => fromBinary(method.output, bytes);

/** The gRPC codes that the tests expect. */
export const Code = {
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  ABORTED: 10,
};

/** The error of a call, converted from the error type of each client. */
export class CallError extends Error {
  /**
   * @param code the number of the gRPC code
   * @param message `grpc-message`, decoded
   * @param details messages of google.rpc
   */
  constructor(code, message, details = []) {
    super(message);
    this.code = code;
    this.details = details;
  }

  /** The fields that google.rpc.BadRequest names. */
  get fields() {
    return this.details.flatMap(({ fieldViolations = [] }) =>
      fieldViolations.filter(({ description }) => description).map(({ field }) => field),
    );
  }

  /** The metadata of google.rpc.ErrorInfo. */
  get metadata() {
    return this.details.flatMap(({ reason, metadata }) => (reason ? [{ ...metadata }] : []));
  }

  /** The names in google.rpc.ResourceInfo. */
  get resources() {
    return this.details.flatMap(({ resourceName = [] }) => resourceName);
  }
}

/** Decodes `grpc-status-details-bin`, for clients that do not do so themselves. */
export function parseDetails(base64) {
  if (!base64) {
    return [];
  }
  const status = fromBinary(Status, base64Decode(base64));
  return status.details.map(({ typeUrl, value }) =>
    fromBinary(registry.getMessage(typeUrl.split("/").pop()), value),
  );
}
