/** The work of a run that the workers of a cluster do. */

import { cluster, type RedisConnection, type RemoteModule } from '../../../cluster/index.ts';
import type { AnyFunction } from '../../../index.ts';
import { redisOf } from '../../redis-url.ts';
import { asUsageError } from '../../refusal.ts';
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
  const functions = functionsOf(name, flags, warn);
  const { [exportName]: remote } = functions;
  return {
    work: functionWork(remote as AnyFunction, flags.names),
    close: () => functions.close(),
  };
}

/** @throws CommandFailed for an invalid name, URL or prefix. */
function functionsOf(
  name: string,
  flags: ClusterFlags,
  warn: (message: string) => void,
): RemoteModule<Record<string, AnyFunction>> {
  const connection: RedisConnection = redisOf(flags);
  const { prefix } = flags;
  try {
    return cluster(name, {
      connection,
      ...(prefix === undefined ? {} : { prefix }),
      logger: { warn },
    });
  } catch (error) {
    throw asUsageError(error);
  }
}
