/** The functions that fake timers of Sinon, Jest and Vitest replace. */

export const FAKED = [
  'queueMicrotask',
  'setTimeout',
  'clearTimeout',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'Date',
  'performance',
] as const;
