/** The control server of a run. */

import type { Logger, TaskPool } from '../../index.ts';
import { TCPControlServer, UnixControlServer } from '../../node/control/index.ts';
import { readToken } from '../control/token.ts';
import type { ControlAddress } from './arguments/control-address.ts';

/** A server that listens. */
export type RunControl = TCPControlServer | UnixControlServer;

/**
 * Lets `taskpool control` look at the pool of a run, and change it. The environment variable
 * `TASKPOOL_TOKEN` is what clients have to know, as it is what they send.
 *
 * @throws what listening throws.
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
