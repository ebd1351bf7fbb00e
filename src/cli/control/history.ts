/** The lines that were typed at earlier prompts, in a file that only its owner may read. */

import { appendFile, chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** How many lines are kept; the file is cut back when it has twice as many. */
const KEPT_LINES = 1000;

/** In `$XDG_STATE_HOME`, which is `~/.local/state` unless set. */
export function defaultHistoryFile(): string {
  const state = process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  return join(state, 'taskpool', 'history');
}

export class History {
  /** The newest line first, as readline wants it; each once. */
  readonly lines: readonly string[];
  readonly #file: string;
  /** Lines are written one after the other. */
  #written: Promise<void> = Promise.resolve();

  private constructor(file: string, lines: readonly string[]) {
    this.#file = file;
    this.lines = lines;
  }

  /** Reads the file, or makes it. */
  static async open(file: string): Promise<History> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    // Made first, and for its owner only, so that there is no moment in which others can open it.
    await appendFile(file, '', { mode: 0o600 });
    await chmod(file, 0o600);
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
    if (lines.length > 2 * KEPT_LINES) await replace(file, lines.slice(-KEPT_LINES));
    return new History(file, [...new Set(lines.reverse())].slice(0, KEPT_LINES));
  }

  /** Keeps a line, unless it begins with a space: that is how to type what should not stay. */
  add(line: string): void {
    if (line.trim() === '' || line.startsWith(' ')) return;
    // A disk that is full now takes nothing from who types.
    this.#written = this.#written.then(() => appendFile(this.#file, `${line}\n`).catch(() => {}));
  }

  /** Resolves when every line is in the file. */
  async close(): Promise<void> {
    await this.#written;
  }
}

/** Either the old lines are in the file or the new ones, whatever happens in between. */
async function replace(file: string, lines: readonly string[]): Promise<void> {
  const next = `${file}.${process.pid}`;
  await writeFile(next, `${lines.join('\n')}\n`, { mode: 0o600 });
  await rename(next, file);
}
