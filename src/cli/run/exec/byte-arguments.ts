/** Passes arguments that are not UTF-8, which Node cannot do itself, through a shell. */

import { bytesOfText, holdsBytes } from '../work/byte-text.ts';
import type { Command } from './template.ts';

/**
 * Wraps a command so that it gets its arguments byte for byte. The shell `exec`s the command, so there is no
 * additional process.
 */
export function withByteArguments(command: Command): Command {
  const { file, args } = command;
  if (!args.some(holdsBytes)) return command;
  // Written into the script in single quotes, not into a shell variable, which might be exported to the command.
  const words = args.map((arg, index) =>
    holdsBytes(arg) ? `"$(printf %b '${escaped(arg)}.')"` : `"\${${index + 1}}."`,
  );
  // Command substitution strips trailing newlines, so each word ends with a dot until here.
  const kept = args.map((_, index) => `"\${${index + 1}%.}"`);
  const plain = args.map((arg) => (holdsBytes(arg) ? '' : arg));
  const script = `set -- ${words.join(' ')}; exec "$0" ${kept.join(' ')}`;
  return { file: '/bin/sh', args: ['-c', script, file, ...plain] };
}

/** Escaped for `printf %b`. */
function escaped(arg: string): string {
  const texts = Array.from(bytesOfText(arg), (byte) =>
    /[\w/ -]/.test(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `\\0${byte.toString(8).padStart(3, '0')}`,
  );
  return texts.join('');
}
