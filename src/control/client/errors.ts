/** The errors of the client. */

import { TaskPoolError } from '../../index.ts';

/** No connection to the control server could be established, or it refused this client. */
export class ConnectionFailed extends TaskPoolError {
  override readonly name = 'ConnectionFailed';
  readonly code = 'ConnectionFailed';
}

/** The connection to the control server was lost before the answer. */
export class ConnectionLost extends TaskPoolError {
  override readonly name = 'ConnectionLost';
  readonly code = 'ConnectionLost';
}

/** The server answered with an error. The only class whose `code` is not its name. */
export class CommandRefused extends TaskPoolError {
  override readonly name = 'CommandRefused';
  /** The code of the server's error, for instance `PoolIsLocked`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
