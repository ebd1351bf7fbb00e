/** `serve()`: runs calls that coordinators make. */

import { checkName } from '../names.ts';
import { type ClusterWorker, readServeOptions, type ServeOptions } from './options.ts';
import { functionsOf } from './served.ts';
import { openServer } from './server.ts';

/**
 * Serves the functions of a module by the name of a cluster: runs the calls that coordinators make, in
 * this process. Nothing but these functions is ever called, whatever comes over Redis.
 *
 * Resolves when it is known to Redis. It keeps the process alive until it is closed.
 *
 * @param module what `import * as work from './work.js'` gives, or an object of functions.
 * @param name the cluster: 1 to 100 letters, digits, or any of `_ . -`.
 * @throws TypeError, RangeError for bad arguments; Error if a package is missing, Redis is too old or
 *   refuses the password, or another program serves other functions by this name.
 */
export async function serve(
  module: object,
  name: string,
  options: ServeOptions,
): Promise<ClusterWorker> {
  checkName('the name of a cluster', name);
  return openServer(name, functionsOf(module), readServeOptions(options));
}
