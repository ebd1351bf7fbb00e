/** Opens a worker of a cluster: connects to Redis, checks what is there, and registers the worker. */

import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { messageOf } from '../faults.ts';
import { keysOf } from '../names.ts';
import { checkServer, importBullMQ, openRedis } from '../redis.ts';
import { Trouble } from '../trouble.ts';
import type { WorkerInfo } from '../wire.ts';
import type { ClusterWorker, WorkerOptions } from './options.ts';
import { COMMANDS } from './scripts.ts';
import { type Functions, introduce } from './served.ts';
import { Server } from './server.ts';

export async function openServer(
  name: string,
  functions: Functions,
  options: WorkerOptions,
): Promise<ClusterWorker> {
  const { connection, prefix, lease, logger } = options;
  const bullmq = await importBullMQ();
  const { client, where } = await openRedis(connection, `${prefix}:${name}:worker`);
  const keys = keysOf(prefix, name);
  const trouble = new Trouble(name, logger);
  trouble.where = where;
  client.on('error', (error) => trouble.away(messageOf(error)));
  const info = infoOf(functions, options);
  try {
    await trouble.during(checkServer(client, prefix, keys, COMMANDS));
    await introduce(client, keys, { name, lease, info });
  } catch (error) {
    client.disconnect();
    throw error;
  }
  const server = new Server({ name, options, functions, info, keys, client, trouble, bullmq });
  try {
    await trouble.during(server.start());
  } catch (error) {
    await server.close({ grace: 0 });
    throw error;
  }
  return server;
}

/** What a worker announces to coordinators and other workers. */
function infoOf(functions: Functions, { concurrency, version }: WorkerOptions): WorkerInfo {
  const host = hostname();
  return {
    id: `${host}:${process.pid}:${randomBytes(3).toString('hex')}`,
    host,
    pid: process.pid,
    functions: [...functions.keys()],
    concurrency,
    startedAt: Date.now(),
    ...(version === undefined ? {} : { version }),
  };
}
