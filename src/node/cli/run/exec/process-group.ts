/** A child process and all that it started: signalled together, and waited for together. */

import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** How often to look whether processes that hold no pipe of ours are gone, in milliseconds. */
const POLL = 20;

export class ProcessGroup {
  readonly #child: ChildProcess;
  readonly #killAfter: number;
  #killTimer: NodeJS.Timeout | undefined = undefined;
  #isKilled = false;

  /**
   * @param child started as `detached`, which makes it the leader of a group.
   * @param killAfter milliseconds from SIGTERM to SIGKILL.
   */
  constructor(child: ChildProcess, killAfter: number) {
    this.#child = child;
    this.#killAfter = killAfter;
  }

  /** Sends SIGTERM, and SIGKILL to those that are there when the time is up. */
  terminate(): void {
    if (this.#killTimer !== undefined || this.#isKilled) return;
    this.#killTimer = setTimeout(() => this.#kill(), this.#killAfter);
    this.#signal('SIGTERM');
    // One that is stopped takes note of nothing else.
    this.#signal('SIGCONT');
  }

  /**
   * Resolves, once the child is gone and nobody holds its pipes, when nothing else that it started
   * is left either; at once if nothing was to be terminated.
   */
  async gone(): Promise<void> {
    if (this.#killTimer === undefined) return;
    while (!this.#isKilled && this.#signal(0)) await delay(POLL);
    clearTimeout(this.#killTimer);
  }

  #kill(): void {
    this.#isKilled = true;
    this.#signal('SIGKILL');
    // What left the group may still hold them.
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  /** Whether there was anybody to signal. */
  #signal(signal: NodeJS.Signals | 0): boolean {
    const { pid } = this.#child;
    if (pid === undefined) return false;
    try {
      return process.kill(-pid, signal);
    } catch {
      return false;
    }
  }
}
