/** The errors of the control interface; JSON answers carry their codes. */

import { TaskPoolError } from '../index.ts';

/** There is no command with this name, or not for this kind of pool. */
export class CommandNotFound extends TaskPoolError {
  override readonly name = 'CommandNotFound';
  readonly code = 'CommandNotFound';
}

/** The arguments of a command are missing or invalid. */
export class BadArguments extends TaskPoolError {
  override readonly name = 'BadArguments';
  readonly code = 'BadArguments';
}

/** A request is not a JSON object in the form of the protocol. */
export class BadRequest extends TaskPoolError {
  override readonly name = 'BadRequest';
  readonly code = 'BadRequest';
}

/** A token was missing or wrong. */
export class NotAuthorized extends TaskPoolError {
  override readonly name = 'NotAuthorized';
  readonly code = 'NotAuthorized';
}

/** A command that changes the pool was sent to a read-only server. */
export class ReadOnly extends TaskPoolError {
  override readonly name = 'ReadOnly';
  readonly code = 'ReadOnly';
}

/** The function is not registered with the server, and must not be imported. */
export class FunctionNotFound extends TaskPoolError {
  override readonly name = 'FunctionNotFound';
  readonly code = 'FunctionNotFound';
}

/** The server has no pool with this name. */
export class PoolNotFound extends TaskPoolError {
  override readonly name = 'PoolNotFound';
  readonly code = 'PoolNotFound';
}

/** A request was aborted before its answer: by the client, or with its session. */
export class RequestAborted extends TaskPoolError {
  override readonly name = 'RequestAborted';
  readonly code = 'RequestAborted';
}

/** A limit of the server was exceeded: the length of a line, or the number of connections, requests or bytes. */
export class LimitExceeded extends TaskPoolError {
  override readonly name = 'LimitExceeded';
  readonly code = 'LimitExceeded';
}

/** A server without token and TLS was to listen on an address that other machines can reach. */
export class UnsafeAddress extends TaskPoolError {
  override readonly name = 'UnsafeAddress';
  readonly code = 'UnsafeAddress';
}

/** Another server listens at the path of a Unix socket, or the path is another file. */
export class AddressInUse extends TaskPoolError {
  override readonly name = 'AddressInUse';
  readonly code = 'AddressInUse';
}
