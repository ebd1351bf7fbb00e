/** A real terminal (tmux): runs programs, presses keys and reads the screen. */

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { TmuxClient } from './tmux-client.ts';
import { hasTool } from './tools.ts';

const exec = promisify(execFile);

/** Whether there is a terminal for tests. */
export const hasTerminal = hasTool('tmux');

/** How long to wait for a screen or an end, in milliseconds. */
const PATIENCE = 90_000;
/** After so many milliseconds a screen is read again, even if tmux has reported no change. */
const POLL = 500;

export interface TerminalOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly width?: number;
  readonly height?: number;
}

export interface ScreenOptions {
  readonly escapes?: boolean;
  /** Only the visible part, without scrolled-out lines. */
  readonly visible?: boolean;
}

export class Terminal implements AsyncDisposable {
  readonly #folder: string;
  readonly #exitFile: string;
  readonly #tmux: TmuxClient;

  private constructor(folder: string, exitFile: string, tmux: TmuxClient) {
    this.#folder = folder;
    this.#exitFile = exitFile;
    this.#tmux = tmux;
  }

  /** Starts a program in a new terminal. */
  static async run(command: readonly string[], options: TerminalOptions = {}): Promise<Terminal> {
    const { env = {}, width = 80, height = 24 } = options;
    const folder = await mkdtemp(join(tmpdir(), 'terminal-'));
    const socket = join(folder, 'tmux');
    const exitFile = join(folder, 'exit-code');
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    await exec('tmux', [
      ...['-u', '-S', socket, '-f', '/dev/null', 'set-option', '-g', 'remain-on-exit', 'on', ';'],
      ...['set-option', '-g', 'default-terminal', 'xterm-256color', ';'],
      ...['new-session', '-d', '-x', String(width), '-y', String(height)],
      // tmux sometimes forgets how a program ended.
      ...['sh', '-c', `"$@"; echo $? > '${exitFile}'`, 'sh', 'env', ...variables],
      ...command,
    ]);
    return new Terminal(folder, exitFile, new TmuxClient(socket));
  }

  /** Types text, letter by letter. */
  async type(text: string): Promise<void> {
    await this.#tmux.run('send-keys', '-l', '--', text);
  }

  /** Presses keys, by their names in tmux: `C-c`, `Enter`, `Up`. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux.run('send-keys', '--', ...keys);
  }

  /** Sets the number of columns. */
  async resize(width: number): Promise<void> {
    await this.#tmux.run('resize-window', '-x', String(width));
  }

  /** Types a line and Enter. */
  async enter(line: string): Promise<void> {
    await Promise.all([this.type(line), this.press('Enter')]);
  }

  /** The lines of the screen, including scrolled-out ones, without trailing spaces. */
  async screen(options: ScreenOptions = {}): Promise<string> {
    const escapes = options.escapes === true ? ['-e'] : [];
    const start = options.visible === true ? [] : ['-S', '-'];
    const lines = await this.#tmux.run('capture-pane', '-p', ...start, ...escapes);
    return lines
      .join('\n')
      .replace(/[ \t]+$/gm, '')
      .trimEnd();
  }

  /** Waits until the screen matches. */
  async shows(expected: RegExp | string, options: ScreenOptions = {}): Promise<string> {
    const giveUp = Date.now() + PATIENCE;
    while (true) {
      const { changes } = this.#tmux;
      const screen = await this.screen(options);
      if (typeof expected === 'string' ? screen.includes(expected) : expected.test(screen)) {
        return screen;
      }
      if (Date.now() > giveUp) throw new Error(`expected ${expected} on the screen:\n${screen}`);
      await this.#tmux.changed(changes, POLL);
    }
  }

  /** Waits for the end of the program. */
  async exitCode(): Promise<number> {
    const giveUp = Date.now() + PATIENCE;
    while (true) {
      const code = await readFile(this.#exitFile, 'utf8').catch(() => '');
      if (code.endsWith('\n')) return Number(code);
      if (Date.now() > giveUp) throw new Error(`expected an end, got:\n${await this.screen()}`);
      await setTimeout(20);
    }
  }

  /** Ends whatever runs in it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux.killServer();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
