/** `serve()`: runs calls of a cluster in this process. */

import { checkName } from '../names.ts';
import { openServer } from './open-server.ts';
import { type ClusterWorker, readServeOptions, type ServeOptions } from './options.ts';
import { functionsOf } from './served.ts';

/**
 * Serves the functions of a module to a cluster: runs calls of its coordinators in this process. Only these functions
 * are ever called, whatever arrives over Redis.
 *
 * Resolves when the worker is registered in Redis. It keeps the process alive until it is closed.
 *
 * @param module a namespace from `import * as work from './work.js'`, or an object of functions.
 * @param name the name of the cluster: 1 to 100 letters, digits, or any of `_ . - { }`.
 * @throws TypeError, RangeError for invalid arguments; StoreDriverMissing without ioredis or BullMQ; Error if Redis
 *   is too old or refuses the password, or another program serves other functions under this name.
 */
export async function serve(
  module: object,
  name: string,
  options: ServeOptions,
): Promise<ClusterWorker> {
  checkName('the name of a cluster', name);
  return openServer(name, functionsOf(module), readServeOptions(options));
}
