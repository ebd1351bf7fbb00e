/** A child process and all that it started: signalled together, and waited for together. */

import { delay } from '../timers.ts';
import { GroupMembers } from './group-members.ts';
import type { Child } from './start-process.ts';

/** How often to look whether those that the leader has left are gone, in milliseconds. */
const FIRST_POLL = 5;
const LAST_POLL = 100;

export class ProcessGroup {
  /** The leader's process id, and so the number of the group. */
  readonly #pid: number;
  /** Whether there is a group; else it is one process of our own group. */
  readonly #isGroup: boolean;
  readonly #killAfter: number;
  #killTimer: NodeJS.Timeout | undefined = undefined;
  #isKilled = false;

  /**
   * @param child one without pipes is a process of our own group, and is signalled alone.
   * @param killAfter milliseconds from SIGTERM to SIGKILL.
   */
  constructor(child: Child, killAfter: number) {
    this.#pid = child.pid;
    this.#isGroup = child.stdout !== null;
    this.#killAfter = killAfter;
  }

  /** Sends SIGTERM, and SIGKILL to those that are there when the time is up. */
  terminate(): void {
    if (this.#killTimer !== undefined || this.#isKilled) return;
    this.#killTimer = setTimeout(() => {
      this.#isKilled = true;
      this.signal('SIGKILL');
    }, this.#killAfter);
    this.signal('SIGTERM');
    // One that is stopped takes note of nothing else.
    this.signal('SIGCONT');
  }

  /**
   * Resolves, once the leader is gone, when nothing else that it started is left either; at once if
   * nothing was to be terminated.
   */
  async gone(): Promise<void> {
    if (this.#killTimer === undefined) return;
    const members = new GroupMembers(this.#pid);
    for (let poll = FIRST_POLL; !this.#isKilled && this.signal(0) && members.areAlive; ) {
      await delay(poll);
      poll = Math.min(2 * poll, LAST_POLL);
    }
    clearTimeout(this.#killTimer);
  }

  /** Passes on a signal that the terminal sends to its foreground group only. */
  pass(signal: NodeJS.Signals): void {
    if (this.#isGroup) this.signal(signal);
  }

  /** Whether there was anyone to signal. */
  signal(signal: NodeJS.Signals | 0): boolean {
    try {
      return process.kill(this.#isGroup ? -this.#pid : this.#pid, signal);
    } catch {
      return false;
    }
  }
}
