/** What fakes of timers replace, of Sinon, Jest and Vitest. */

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
