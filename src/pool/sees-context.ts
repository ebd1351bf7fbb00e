/** Whether a function can see a context at all: for one that cannot, none needs to be made. */

const cache = new WeakMap<object, number>();

/** An optional name, then parameters that are nothing but names. */
const SIMPLE_PARAMETERS = /^(?:async\s+)?(?:function\b\s*)?[\w$]*\s*\(([\w$\s,]*)\)\s*(?:=>|\{)/;
const SIMPLE_ARROW = /^(?:async\s+)?([\w$]+)\s*=>/;
/** Other ways to get at arguments that no parameter names. */
const REFLECTION = /\b(?:arguments|eval)\b/;

/**
 * How many arguments a function can see: the number of its parameters if they are plain names and
 * its text mentions neither `arguments` nor `eval`. `Infinity` if that cannot be told: for rest and
 * default parameters, destructuring, bound and native functions.
 */
export function visibleArguments(fn: (...args: never[]) => unknown): number {
  let count = cache.get(fn);
  if (count === undefined) {
    count = countVisible(fn);
    cache.set(fn, count);
  }
  return count;
}

function countVisible(fn: (...args: never[]) => unknown): number {
  const text = Function.prototype.toString.call(fn);
  const isSimple = SIMPLE_PARAMETERS.test(text) || SIMPLE_ARROW.test(text);
  if (!isSimple || REFLECTION.test(text) || text.includes('[native code]')) {
    return Number.POSITIVE_INFINITY;
  }
  return fn.length;
}
