// What all clients share: the server, its services and messages, and what is in an error.
//
// No code is generated: @bufbuild/protobuf reads and writes messages by their descriptors, and each
// client gets these functions in the shape that it wants.

import { create, createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

/** Its origin; the bundler fills it in, as it does with DESCRIPTORS. */
export const server = SERVER;

const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, base64Decode(DESCRIPTORS)),
);

const service = (name) => registry.getService(name).method;

export const greeter = service("greeter.Greeter");
export const users = service("user.UserService");
/** The same for clients without a package. */
export const unqualified = service("Greeter");

export const BadRequest = registry.getMessage("google.rpc.BadRequest");
export const ErrorInfo = registry.getMessage("google.rpc.ErrorInfo");
export const ResourceInfo = registry.getMessage("google.rpc.ResourceInfo");
const Status = registry.getMessage("google.rpc.Status");

export const path = (method) => `/${method.parent.typeName}/${method.name}`;

/** The bytes of a request of `method`. */
export const written = (method, request) => toBinary(method.input, create(method.input, request));

/** The answer of `method` that is in `bytes`. */
export const read = (method, bytes) => fromBinary(method.output, bytes);

/** gRPC's codes that the tests expect. */
export const Code = {
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  ABORTED: 10,
};

/** How a call failed: what every client can say of it, each in its own way. */
export class Failure extends Error {
  /**
   * @param code gRPC's number
   * @param message `grpc-message`, decoded
   * @param details messages of google.rpc: of which only the fields that are asked about are read
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

  /** What google.rpc.ErrorInfo says. */
  get reasons() {
    return this.details.flatMap(({ reason, metadata }) => (reason ? [{ ...metadata }] : []));
  }

  /** What google.rpc.ResourceInfo names. */
  get resources() {
    return this.details.flatMap(({ resourceName = [] }) => resourceName);
  }
}

/** The details in `grpc-status-details-bin`, for clients that leave reading it to their users. */
export function details(base64) {
  if (!base64) {
    return [];
  }
  const status = fromBinary(Status, base64Decode(base64));
  return status.details.map(({ typeUrl, value }) =>
    fromBinary(registry.getMessage(typeUrl.split("/").pop()), value),
  );
}
