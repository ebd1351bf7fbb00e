/** A child process and its descendants: signalled and awaited together. */

import { delay } from '../timers.ts';
import { GroupMembers } from './group-members.ts';
import type { Child } from './start-process.ts';

/** The interval of checking whether the remaining members have ended, in milliseconds; it doubles up to the last. */
const FIRST_POLL = 5;
const LAST_POLL = 100;

export class ProcessGroup {
  /** The process id of the leader, which is also the number of the group. */
  readonly #pid: number;
  /** Whether the child leads a group; otherwise it is a single process in our own group. */
  readonly #isGroup: boolean;
  readonly #killAfter: number;
  #killTimer: NodeJS.Timeout | undefined = undefined;
  #isKilled = false;

  /**
   * @param child one without pipes belongs to our own group and is signalled alone.
   * @param killAfter milliseconds from SIGTERM to SIGKILL.
   */
  constructor(child: Child, killAfter: number) {
    this.#pid = child.pid;
    this.#isGroup = child.stdout !== null;
    this.#killAfter = killAfter;
  }

  /** Sends SIGTERM, and after `killAfter` SIGKILL to the remaining members. */
  terminate(): void {
    if (this.#killTimer !== undefined || this.#isKilled) return;
    this.#killTimer = setTimeout(() => {
      this.#isKilled = true;
      this.signal('SIGKILL');
    }, this.#killAfter);
    this.signal('SIGTERM');
    // A stopped process handles SIGTERM only after SIGCONT.
    this.signal('SIGCONT');
  }

  /**
   * Called after the leader has ended: resolves when its descendants have ended too, immediately if the group was not
   * terminated.
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

  /** Forwards a signal that the terminal sends to its foreground group only. */
  pass(signal: NodeJS.Signals): void {
    if (this.#isGroup) this.signal(signal);
  }

  /** Sends a signal. Returns whether any process received it. */
  signal(signal: NodeJS.Signals | 0): boolean {
    try {
      return process.kill(this.#isGroup ? -this.#pid : this.#pid, signal);
    } catch {
      return false;
    }
  }
}
