/** The work of a run that the workers of a cluster do. */

import { cluster, type RedisConnection } from '../../../cluster/index.ts';
import type { AnyFunction } from '../../../index.ts';
import { redisOf } from '../../redis-url.ts';
import { functionWork } from './load-work.ts';
import type { Work } from './work.ts';

/** The address of the workers. */
export interface ClusterFlags {
  readonly cluster?: string;
  readonly redis?: string;
  readonly prefix?: string;
  /** The names of the values of an item. */
  readonly names?: readonly string[] | undefined;
}

/** Work that forwards items to workers, and its cleanup. */
export interface ClusterWork {
  readonly work: Work;
  close(): Promise<void>;
}

/**
 * @param exportName the function that the workers serve.
 */
export function clusterWork(
  name: string,
  exportName: string,
  flags: ClusterFlags,
  warn: (message: string) => void,
): ClusterWork {
  const connection: RedisConnection = redisOf(flags);
  const { prefix } = flags;
  const functions = cluster<Record<string, AnyFunction>>(name, {
    connection,
    ...(prefix === undefined ? {} : { prefix }),
    logger: { warn },
  });
  const { [exportName]: remote } = functions;
  return {
    work: functionWork(remote as AnyFunction, flags.names),
    close: () => functions.close(),
  };
}
