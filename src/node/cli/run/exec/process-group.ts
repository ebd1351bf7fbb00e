/** A child process and all that it started: signalled together, and waited for together. */

import { setTimeout as delay } from 'node:timers/promises';
import { GroupMembers } from './group-members.ts';

/** How often to look whether those that the leader has left are gone, in milliseconds. */
const FIRST_POLL = 5;
const LAST_POLL = 100;

export class ProcessGroup {
  /** The process id of its leader, and the number of the group. */
  readonly #pgid: number;
  readonly #killAfter: number;
  #killTimer: NodeJS.Timeout | undefined = undefined;
  #isKilled = false;

  /**
   * @param pgid the process id of a child that was started as `detached`, and so leads a group.
   * @param killAfter milliseconds from SIGTERM to SIGKILL.
   */
  constructor(pgid: number, killAfter: number) {
    this.#pgid = pgid;
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
    const members = new GroupMembers(this.#pgid);
    for (let poll = FIRST_POLL; !this.#isKilled && this.signal(0) && members.areAlive; ) {
      await delay(poll);
      poll = Math.min(2 * poll, LAST_POLL);
    }
    clearTimeout(this.#killTimer);
  }

  /** Whether there was anybody to signal. */
  signal(signal: NodeJS.Signals | 0): boolean {
    try {
      return process.kill(-this.#pgid, signal);
    } catch {
      return false;
    }
  }
}
