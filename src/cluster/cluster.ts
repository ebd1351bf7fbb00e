/** `cluster()`: functions of a module that worker processes run, wherever they are. */

import { REMOTE, type RemoteBehaviour } from '../index.ts';
import { oneLine, PRINTED } from '../kit/printed.ts';
import { Coordinator } from './coordinator/coordinator.ts';
import { type ClusterOptions, readOptions } from './coordinator/options.ts';
import { checkName } from './names.ts';
import type { RemoteModule } from './types.ts';

/**
 * The functions of a module, each a function that forwards its calls to the workers of a cluster: those
 * that run `serve(module, name)` or `taskpool worker module --name name` with the same Redis. Arguments
 * and results travel as JSON.
 *
 * Nothing is opened before the first call. `close()` ends what was opened.
 *
 * @param name the cluster: 1 to 100 letters, digits, or any of `_ . -`.
 * @throws TypeError, RangeError
 */
export function cluster<M extends object>(name: string, options: ClusterOptions): RemoteModule<M> {
  checkName('the name of a cluster', name);
  const coordinator = new Coordinator(name, readOptions(options));
  const close = (): Promise<void> => coordinator.close();
  const functions = new Map<PropertyKey, unknown>([
    ['close', close],
    [Symbol.asyncDispose, close],
    // Not even awaited or printed by mistake.
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
