/** Redirects the `console` of functions. */

import type { Messages } from './messages.ts';

/** Makes `console.log` write to stderr, since stdout is for results. */
export function redirectConsole(messages: Messages): void {
  const { console: own } = globalThis;
  // Created on first use: most functions print nothing, and a console takes Node milliseconds to load.
  Object.defineProperty(globalThis, 'console', {
    configurable: true,
    enumerable: false,
    get: () => {
      setConsole(consoleOf(messages, own));
      return globalThis.console;
    },
    set: setConsole,
  });
}

function setConsole(value: Console): void {
  Object.defineProperty(globalThis, 'console', {
    configurable: true,
    enumerable: false,
    writable: true,
    value,
  });
}

function consoleOf(messages: Messages, { Console }: Console): Console {
  const { Writable } = process.getBuiltinModule('node:stream');
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, done) {
      messages.pass(chunk);
      done();
    },
  });
  return new Console({ stdout: stream, stderr: stream });
}
