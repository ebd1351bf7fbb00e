/**
 * Reads the access token from a file or the environment. It is never printed, and never an argument, since `ps` shows
 * those.
 */

import { readFile } from 'node:fs/promises';
import { CommandFailed, ExitCode } from '../exit.ts';

/** The environment variable with the token, used if no file is given. */
const TOKEN_VARIABLE = 'TASKPOOL_TOKEN';

/**
 * The token from the file, without a trailing newline, or else from the environment.
 *
 * @throws CommandFailed if the file cannot be read or is empty.
 */
export async function readToken(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return process.env[TOKEN_VARIABLE] || undefined;
  const token = (await read(file)).replace(/\r?\n$/, '');
  if (token !== '') return token;
  throw new CommandFailed(ExitCode.usage, `expected a token in ${file}, got an empty file`);
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { message } = error as Error;
    throw new CommandFailed(ExitCode.usage, `expected a readable token file: ${message}`);
  }
}
