/** Arguments that are not UTF-8, which Node cannot pass: a shell writes them. */

import { bytesOfText, holdsBytes } from '../work/byte-text.ts';
import type { Command } from './template.ts';

/**
 * A command with the same arguments, byte for byte. The shell is replaced by the command, so there is
 * no process more than without it.
 */
export function withByteArguments(command: Command): Command {
  const { file, args } = command;
  if (!args.some(holdsBytes)) return command;
  // What is in single quotes, and no parameter, is not exported either.
  const words = args.map((arg, index) =>
    holdsBytes(arg) ? `"$(printf %b '${escaped(arg)}.')"` : `"\${${index + 1}}."`,
  );
  // A substitution loses newlines at its end, so each word has had a dot there.
  const kept = args.map((_, index) => `"\${${index + 1}%.}"`);
  const plain = args.map((arg) => (holdsBytes(arg) ? '' : arg));
  const script = `set -- ${words.join(' ')}; exec "$0" ${kept.join(' ')}`;
  return { file: '/bin/sh', args: ['-c', script, file, ...plain] };
}

/** As `printf %b` takes it. */
function escaped(arg: string): string {
  const texts = Array.from(bytesOfText(arg), (byte) =>
    /[\w/ -]/.test(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `\\0${byte.toString(8).padStart(3, '0')}`,
  );
  return texts.join('');
}
