/** The history of the prompt, in a file that only its owner can read. */

import { appendFile, chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** The number of lines kept; the file is truncated when it has twice as many. */
const KEPT_LINES = 1000;

/** The default file: `taskpool/history` in `$XDG_STATE_HOME`, by default `~/.local/state`. */
export function defaultHistoryFile(): string {
  const state = process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  return join(state, 'taskpool', 'history');
}

export class History {
  /** Newest line first, as readline expects; without duplicates. */
  readonly lines: readonly string[];
  readonly #file: string;
  /** Resolves after the last write, so that lines are appended in order. */
  #written: Promise<void> = Promise.resolve();

  private constructor(file: string, lines: readonly string[]) {
    this.#file = file;
    this.lines = lines;
  }

  /** Reads the file, and creates it if it does not exist. */
  static async open(file: string): Promise<History> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    // Created with restricted permissions first, so that others can open it at no moment.
    await appendFile(file, '', { mode: 0o600 });
    await chmod(file, 0o600);
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
    if (lines.length > 2 * KEPT_LINES) await replace(file, lines.slice(-KEPT_LINES));
    return new History(file, [...new Set(lines.reverse())].slice(0, KEPT_LINES));
  }

  /** Appends a line, unless it begins with a space, by which users keep a line out of the history. */
  add(line: string): void {
    if (line.trim() === '' || line.startsWith(' ')) return;
    // A write error (a full disk) must not interrupt the user.
    this.#written = this.#written.then(() => appendFile(this.#file, `${line}\n`).catch(() => {}));
  }

  /** Resolves when all lines are written. */
  async close(): Promise<void> {
    await this.#written;
  }
}

/** Replaces the contents atomically: the file always holds either the old lines or the new ones. */
async function replace(file: string, lines: readonly string[]): Promise<void> {
  const next = `${file}.${process.pid}`;
  await writeFile(next, `${lines.join('\n')}\n`, { mode: 0o600 });
  await rename(next, file);
}
