/** Whether a function can access its context: if it cannot, none is created. */

/** The last function that was checked: closures created one after the other have the same text. */
let known = { text: '', count: 0 };

/** An optional name, then parameters that are plain names. */
const SIMPLE_PARAMETERS = /^(?:async\s+)?(?:function\b\s*)?[\w$]*\s*\(([\w$\s,]*)\)\s*(?:=>|\{)/;
const SIMPLE_ARROW = /^(?:async\s+)?([\w$]+)\s*=>/;
/** Other ways to access arguments, written out or with escapes, and texts that are not source code. */
const OPAQUE = /\b(?:arguments|eval)\b|\\u|\[(?:native code|bytecode)\]/;

/**
 * How many arguments a function can see: the number of its parameters if they are plain names and its text mentions
 * neither `arguments` nor `eval`. `Infinity` if that is unknown: for rest and default parameters, destructuring,
 * bound and native functions, and functions in sloppy mode, whose arguments other functions can access.
 */
export function visibleArguments(fn: (...args: never[]) => unknown): number {
  if (Object.hasOwn(fn, 'arguments')) return Number.POSITIVE_INFINITY;
  const text = Function.prototype.toString.call(fn);
  if (text !== known.text) known = { text, count: countVisible(text) };
  return known.count;
}

function countVisible(text: string): number {
  const [, names] = SIMPLE_ARROW.exec(text) ?? SIMPLE_PARAMETERS.exec(text) ?? [];
  if (names === undefined || OPAQUE.test(text)) return Number.POSITIVE_INFINITY;
  // Not `fn.length`, which may be set to anything.
  return names.split(',').filter((name) => name.trim() !== '').length;
}
