/** The errors of the client. */

import { TaskPoolError } from '../../index.ts';

/** There is no connection to the control server, or it did not take this client. */
export class ConnectionFailed extends TaskPoolError {
  override readonly name = 'ConnectionFailed';
  readonly code = 'ConnectionFailed';
}

/** The connection to the control server ended before the answer came. */
export class ConnectionLost extends TaskPoolError {
  override readonly name = 'ConnectionLost';
  readonly code = 'ConnectionLost';
}

/** The server answered with an error. The one class whose `code` is not its name. */
export class CommandRefused extends TaskPoolError {
  override readonly name = 'CommandRefused';
  /** The code of the error there: `PoolIsLocked` for instance. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
