/**
 * A client of tmux in control mode: one process for all commands, which also learns of each change of the screen. A
 * process for each command would have to be forked from the test, which takes milliseconds if that uses much memory.
 */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** A command whose reply is pending. */
interface Pending {
  readonly resolve: (lines: string[]) => void;
  readonly reject: (error: Error) => void;
}

/** The first and the last line of a reply; replies to commands of this client end with 1. */
const BEGIN = /^%begin \d+ (\d+) 1$/;
const END = /^%(end|error) \d+ (\d+) 1$/;

export class TmuxClient {
  /** How often anything may have changed on the screen. */
  changes = 0;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #pending: Pending[] = [];
  readonly #ended: Promise<void>;
  /** Called at the next change. */
  #onChange = () => {};
  /** The incomplete last line of the output. */
  #rest = '';
  /** The reply being read. */
  #reply: { readonly id: string; readonly lines: string[] } | undefined = undefined;
  #isOver = false;

  constructor(socket: string) {
    const args = ['-u', '-C', '-S', socket, 'attach-session', '-f', 'ignore-size'];
    this.#child = spawn('tmux', args, { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#child.stdin.on('error', () => {});
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#ended = new Promise<void>((resolve) => {
      this.#child.once('close', () => resolve()).once('error', () => resolve());
    }).then(() => this.#end());
  }

  /** Runs a command and resolves with the lines that it prints. */
  run(...words: readonly string[]): Promise<string[]> {
    if (this.#isOver) return Promise.reject(new Error('expected tmux to be running'));
    return new Promise((resolve, reject) => {
      this.#pending.push({ resolve, reject });
      this.#child.stdin.write(`${words.map(quoted).join(' ')}\n`);
    });
  }

  /** Resolves when there have been more than so many changes, or after a time in milliseconds. */
  async changed(changes: number, milliseconds: number): Promise<void> {
    if (this.changes > changes) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
      this.#onChange = resolve;
    });
    clearTimeout(timer);
  }

  /** Ends tmux and all that runs in it. */
  async killServer(): Promise<void> {
    await this.run('kill-server').catch(() => {});
    await this.#ended;
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#readLine(line);
  }

  #readLine(line: string): void {
    if (this.#reply === undefined) {
      const [, id] = BEGIN.exec(line) ?? [];
      if (id === undefined) this.#change();
      else this.#reply = { id, lines: [] };
      return;
    }
    const [, end, id] = END.exec(line) ?? [];
    if (id !== this.#reply.id) {
      this.#reply.lines.push(line);
      return;
    }
    const { lines } = this.#reply;
    this.#reply = undefined;
    const pending = this.#pending.shift();
    if (end === 'end') pending?.resolve(lines);
    else pending?.reject(new Error(`tmux: ${lines.join('\n')}`));
  }

  #change(): void {
    this.changes++;
    this.#onChange();
  }

  #end(): void {
    this.#isOver = true;
    for (const { reject } of this.#pending) reject(new Error('tmux has ended'));
    this.#change();
  }
}

/** A word in a command of tmux. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
