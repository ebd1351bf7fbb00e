/** Runs `taskpool control` against an address: a single command, a batch, or a prompt. */

import { createInterface } from 'node:readline';
import { Connection } from '../../node/control/client/connection.ts';
import { nameOf, type Target } from '../../node/control/client/target.ts';
import { summarizeError } from '../../printable/error.ts';
import { complaint } from '../complaint.ts';
import type { ExitCode } from '../exit.ts';
import { runLines } from './batch.ts';
import { lineOfWords } from './command-line.ts';
import { defaultHistoryFile, History } from './history.ts';
import { Interactive } from './interactive.ts';
import { readToken } from './token.ts';

export interface ConverseOptions {
  readonly tokenFile?: string;
  readonly json?: boolean;
  /** The history file; false keeps no history. Default: see `defaultHistoryFile`. */
  readonly history?: string | false;
}

/**
 * Runs the command given as words; without words, those typed at a prompt or piped in.
 *
 * @throws ConnectionFailed, ConnectionLost, CommandFailed
 */
export async function converse(
  target: Target,
  words: readonly string[],
  options: ConverseOptions,
): Promise<ExitCode> {
  const token = await readToken(options.tokenFile);
  const open = () =>
    Connection.open(target, { token, terminalWidth: process.stdout.columns || 80 });
  const connection = await open();
  if (words.length === 0 && isConversation(options)) {
    return await Interactive.run(connection, {
      input: process.stdin,
      output: process.stdout,
      server: nameOf(target),
      reconnect: open,
      history: await openHistory(options.history),
    });
  }
  const lines = words.length > 0 ? [lineOfWords(words)] : createInterface({ input: process.stdin });
  try {
    return await runLines(connection, lines, { json: options.json === true });
  } finally {
    await connection.close();
  }
}

function isConversation({ json }: ConverseOptions): boolean {
  const { stdin, stdout, env } = process;
  return !json && stdin.isTTY && stdout.isTTY && env['TERM'] !== 'dumb';
}

/** Opens the history; on failure prints a warning and continues without one. */
async function openHistory(
  file: string | false = defaultHistoryFile(),
): Promise<History | undefined> {
  if (file === false) return undefined;
  try {
    return await History.open(file);
  } catch (error) {
    process.stderr.write(complaint(`no history: ${summarizeError(error).message}`));
    return undefined;
  }
}
