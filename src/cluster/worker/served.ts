/** The functions of a module, and whether another program serves others by the same name. */

import type { RedisClient } from '../../node/redis/connection.ts';
import type { ClusterKeys } from '../names.ts';
import type { WorkerInfo } from '../wire.ts';

export type Functions = ReadonlyMap<string, (...args: never) => unknown>;

/** @throws TypeError if the module exports no function. */
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

/** Other workers that Redis has heard of within a lease. */
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
  // A beat of later than now is of before the clock of Redis was set back: who lives has another one within a second.
  const isAlive = (id: string) => Math.abs(now - Number.parseFloat(beats[id] ?? '0')) < lease;
  return Object.entries(infos)
    .filter(([id]) => isAlive(id))
    .map(([, info]) => JSON.parse(info) as WorkerInfo);
}

/** @throws Error if workers are there that serve nothing of this: they are another program. */
export function checkSameProgram(
  name: string,
  functions: Functions,
  others: readonly WorkerInfo[],
): void {
  const stranger = others.find((other) => !other.functions.some((each) => functions.has(each)));
  if (stranger === undefined) return;
  throw new Error(
    `expected a name of its own for a program that serves ${[...functions.keys()].join(', ')}, got ` +
      `${name}: ${stranger.id} serves ${stranger.functions.join(', ')} by it; choose another name or prefix`,
  );
}
