/** Programs that run as separate processes. */

import type { ChildProcess } from 'node:child_process';

/** A running program: its output so far, and how it will end. */
export class Running {
  output = '';
  readonly exitCode: Promise<number | null>;
  readonly #child: ChildProcess;
  /** How much of the output was already awaited. */
  #heard = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        child.emit('said');
      });
    }
    this.exitCode = new Promise((resolve) => child.once('close', resolve));
  }

  /** Waits for output that matches, after the previously awaited output. */
  async says(pattern: RegExp): Promise<void> {
    let ended = false;
    void this.exitCode.then(() => {
      ended = true;
      this.#child.emit('said');
    });
    const from = this.#heard;
    while (true) {
      const found = pattern.exec(this.output.slice(from));
      if (found !== null) {
        this.#heard = from + found.index + found[0].length;
        return;
      }
      if (ended) throw new Error(`expected ${pattern}, got ${JSON.stringify(this.output)}`);
      await new Promise<void>((resolve) => this.#child.once('said', resolve));
    }
  }

  press(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}
