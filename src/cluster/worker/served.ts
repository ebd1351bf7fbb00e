/** Registers the functions of a module, and prevents two programs from serving different functions under one name. */

import type { RedisClient } from '../../node/redis/connection.ts';
import type { ClusterKeys } from '../names.ts';
import { run } from '../scripts.ts';
import type { WorkerInfo } from '../wire.ts';
import { ENTER } from './scripts.ts';

export type Functions = ReadonlyMap<string, (...args: never) => unknown>;

/**
 * @throws TypeError if the module exports no function.
 */
export function functionsOf(module: unknown): Functions {
  if (typeof module !== 'object' || module === null) {
    throw new TypeError(
      `expected a module, import * as work for instance, got ${module === null ? 'null' : typeof module}`,
    );
  }
  const functions = new Map<string, (...args: never) => unknown>();
  for (const [name, value] of Object.entries(module)) {
    if (typeof value === 'function') functions.set(name, value as (...args: never) => unknown);
  }
  if (functions.size > 0) return functions;
  throw new TypeError(
    `expected a module that exports functions, got one that exports ${Object.keys(module).join(', ') || 'nothing'}`,
  );
}

/** The workers from which Redis has received a beat within a lease. */
export async function othersOf(
  client: RedisClient,
  keys: ClusterKeys,
  lease: number,
): Promise<WorkerInfo[]> {
  const [beats, infos, [seconds, micros]] = await Promise.all([
    client.hgetall(keys.beats),
    client.hgetall(keys.workers),
    client.time(),
  ]);
  const now = Number(seconds) * 1000 + Number(micros) / 1000;
  // A beat may lie in the future after the clock of Redis was set back: a live worker sends another within a second.
  const isAlive = (id: string) => Math.abs(now - Number.parseFloat(beats[id] ?? '0')) < lease;
  return Object.entries(infos)
    .filter(([id]) => isAlive(id))
    .map(([, info]) => JSON.parse(info) as WorkerInfo);
}

interface Introduced {
  /** The name of the cluster. */
  readonly name: string;
  /** In milliseconds. */
  readonly lease: number;
  readonly info: WorkerInfo;
}

/**
 * Registers a worker.
 *
 * @throws Error if there are live workers that share no function with it: they belong to another program.
 */
export async function introduce(
  client: RedisClient,
  keys: ClusterKeys,
  { name, lease, info }: Introduced,
): Promise<void> {
  const args = [info.id, JSON.stringify(info), lease, ...info.functions];
  const answer = await run(client, ENTER, [keys.beats, keys.workers], args);
  if (typeof answer !== 'string') return;
  const stranger = JSON.parse(answer) as WorkerInfo;
  throw new Error(
    `expected a name of its own for a program that serves ${info.functions.join(', ')}, got ` +
      `${name}: ${stranger.id} serves ${stranger.functions.join(', ')} by it; choose another name or prefix`,
  );
}
