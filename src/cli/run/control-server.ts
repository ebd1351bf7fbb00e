/** Starts the control server of a run. */

import type { Logger, TaskPool } from '../../index.ts';
import { TCPControlServer, UnixControlServer } from '../../node/control/index.ts';
import { readToken } from '../control/token.ts';
import type { ControlAddress } from '../control-address.ts';

/** A listening server. */
export type RunControl = TCPControlServer | UnixControlServer;

/**
 * Serves the pool of a run to `taskpool control`. If the environment variable `TASKPOOL_TOKEN` is set, clients must
 * present it.
 *
 * @throws the errors of listening.
 */
export async function serveControl(
  pool: TaskPool,
  address: ControlAddress,
  logger: Logger,
): Promise<RunControl> {
  const token = await readToken(undefined);
  const options = { ...address, logger, ...(token === undefined ? {} : { token }) };
  const server =
    'path' in options ? new UnixControlServer(pool, options) : new TCPControlServer(pool, options);
  await server.listen();
  return server;
}
