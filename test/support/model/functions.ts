/** Task functions of every form, with various numbers of parameters. */

import type { GroupScript } from './scripts.ts';

// biome-ignore lint/suspicious/noExplicitAny: the pool takes functions of any parameters
export type AnyFunction = (...args: any[]) => unknown;

/** How arguments reach a function: the same for all, or an item as it is, spread, or named. */
export type Shape = 'args' | 'item' | 'tuple' | 'object';

/** A function that passes on the arguments that its form can see. */
export function makeFunction(
  form: GroupScript['form'],
  shape: Shape,
  call: (args: unknown[]) => unknown,
): AnyFunction {
  const isPair = shape === 'args' || shape === 'tuple';
  if (form === 'rest') {
    return function work(...args: unknown[]) {
      return call(args);
    };
  }
  if (form === 'blind') return isPair ? blindPair(call) : blindItem(call);
  return isPair ? plainPair(call) : plainItem(call);
}

function blindPair(call: (args: unknown[]) => unknown): AnyFunction {
  return function work(a: unknown, b: unknown) {
    return call([a, b]);
  };
}

function blindItem(call: (args: unknown[]) => unknown): AnyFunction {
  return function work(item: unknown) {
    return call([item]);
  };
}

function plainPair(call: (args: unknown[]) => unknown): AnyFunction {
  return function work(a: unknown, b: unknown, context: unknown) {
    return call([a, b, context]);
  };
}

function plainItem(call: (args: unknown[]) => unknown): AnyFunction {
  return function work(item: unknown, context: unknown) {
    return call([item, context]);
  };
}
