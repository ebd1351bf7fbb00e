/** A running process whose output can be awaited, and that can get input and signals. */

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface LiveEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class Live {
  stdout = '';
  stderr = '';
  readonly child: ChildProcess;
  readonly ended: Promise<LiveEnd>;
  #hasEnded = false;

  constructor(command: string, args: readonly string[], options: SpawnOptions = {}) {
    this.child = spawn(command, args, { stdio: 'pipe', ...options });
    this.#collect(this.child.stdout, (text) => {
      this.stdout += text;
    });
    this.#collect(this.child.stderr, (text) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve) => {
      this.child.once('close', (exitCode, signal) => {
        this.#hasEnded = true;
        this.child.emit('news');
        resolve({ exitCode, signal });
      });
    });
  }

  /** Resolves when a condition holds, which is checked at each output of the process. */
  async until(holds: (live: this) => boolean): Promise<void> {
    while (!holds(this)) {
      if (this.#hasEnded) {
        const said = JSON.stringify({ stdout: this.stdout, stderr: this.stderr });
        throw new Error(`expected ${holds}, got the end, after ${said}`);
      }
      await new Promise<void>((resolve) => this.child.once('news', resolve));
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  #collect(stream: Readable | null, add: (text: string) => void): void {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      add(text);
      this.child.emit('news');
    });
  }
}
