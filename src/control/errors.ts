/** The errors of the control interface; their codes are what a JSON answer carries. */

import { TaskPoolError } from '../index.ts';

/** No command of this name is there, or not for this kind of pool. */
export class CommandNotFound extends TaskPoolError {
  override readonly name = 'CommandNotFound';
  readonly code = 'CommandNotFound';
}

/** A line or a request that does not say what its command needs. */
export class BadArguments extends TaskPoolError {
  override readonly name = 'BadArguments';
  readonly code = 'BadArguments';
}

/** A request that is not a JSON object of the form that the protocol has for it. */
export class BadRequest extends TaskPoolError {
  override readonly name = 'BadRequest';
  readonly code = 'BadRequest';
}

/** A token was missing or wrong. */
export class NotAuthorized extends TaskPoolError {
  override readonly name = 'NotAuthorized';
  readonly code = 'NotAuthorized';
}

/** A command that changes the pool was given to a server that only shows it. */
export class ReadOnly extends TaskPoolError {
  override readonly name = 'ReadOnly';
  readonly code = 'ReadOnly';
}

/** The named function was not registered with the server, and may not be imported. */
export class FunctionNotFound extends TaskPoolError {
  override readonly name = 'FunctionNotFound';
  readonly code = 'FunctionNotFound';
}

/** The server has no pool of this name. */
export class PoolNotFound extends TaskPoolError {
  override readonly name = 'PoolNotFound';
  readonly code = 'PoolNotFound';
}

/** A request was given up before it had an answer: by the client, or with its session. */
export class RequestAborted extends TaskPoolError {
  override readonly name = 'RequestAborted';
  readonly code = 'RequestAborted';
}

/** A line, a number of connections, of requests or of bytes went over what the server allows. */
export class LimitExceeded extends TaskPoolError {
  override readonly name = 'LimitExceeded';
  readonly code = 'LimitExceeded';
}

/** A server was to listen where others than this machine could reach it, without token and TLS. */
export class UnsafeAddress extends TaskPoolError {
  override readonly name = 'UnsafeAddress';
  readonly code = 'UnsafeAddress';
}

/** Another server listens at the path of a Unix socket, or it is the path of another file. */
export class AddressInUse extends TaskPoolError {
  override readonly name = 'AddressInUse';
  readonly code = 'AddressInUse';
}
