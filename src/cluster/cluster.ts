/** `cluster()`: calls functions of a module in worker processes, on any machine. */

import { REMOTE, type RemoteBehaviour } from '../index.ts';
import { oneLine, PRINTED } from '../kit/printed.ts';
import { Coordinator } from './coordinator/coordinator.ts';
import { type ClusterOptions, readOptions } from './coordinator/options.ts';
import { checkName } from './names.ts';
import type { RemoteModule } from './types.ts';

/**
 * Returns the functions of a module, each of which forwards its calls to the workers of a cluster: processes that run
 * `serve(module, name)` or `taskpool worker module --name name` with the same Redis. Arguments and results are sent
 * as JSON.
 *
 * Connections are opened with the first call and closed by `close()`. A call rejects with the error of the function;
 * with `WorkerLost` if its worker dies or the cluster is closed meanwhile; with `PoolIsClosed` after `close()`; with
 * `CannotTravel` for arguments or results that JSON would change, and `RangeError` for too large ones.
 *
 * @param name the name of the cluster: 1 to 100 letters, digits, or any of `_ . - { }`.
 * @throws TypeError, RangeError for an invalid name or invalid options.
 */
export function cluster<M extends object>(name: string, options: ClusterOptions): RemoteModule<M> {
  checkName('the name of a cluster', name);
  const coordinator = new Coordinator(name, readOptions(options));
  const close = (): Promise<void> => coordinator.close();
  const functions = new Map<PropertyKey, unknown>([
    ['close', close],
    [Symbol.asyncDispose, close],
    // Awaiting or printing the object must not call a remote function.
    ['then', undefined],
    ['toJSON', () => ({ cluster: name })],
  ]);
  return new Proxy({ [PRINTED]: () => `cluster ${oneLine(name)}` } as object, {
    get(_, key) {
      if (typeof key === 'string' && !functions.has(key)) {
        functions.set(key, remoteFunction(coordinator, key));
      }
      return functions.get(key);
    },
  }) as RemoteModule<M>;
}

function remoteFunction(coordinator: Coordinator, name: string): unknown {
  const behaviour: RemoteBehaviour = {
    functionName: name,
    waitsFor: (call) => coordinator.waitsFor(name, call),
    reattach: (calls) => coordinator.reattach(name, calls),
  };
  const call = (...args: readonly unknown[]): Promise<unknown> => coordinator.call(name, args);
  return Object.defineProperties(call, {
    name: { value: name },
    [REMOTE]: { value: behaviour },
  });
}
