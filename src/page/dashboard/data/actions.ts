/** The user's actions on the pool: commands, and confirmations of irreversible ones. */

import { signal } from '@preact/signals';
import type { ArgumentsOf, ControlLink } from '../../../control/client/index.ts';
import type { CommandKey } from '../../../control/table.ts';
import type { Question } from '../../ui/dialog.tsx';
import { plain } from '../../ui/format.ts';

/** The result of a command, shown as a notification. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly isError: boolean;
}

/** Milliseconds for which a notice is shown; errors stay longer. */
const STAY = 5000;

export class Actions {
  readonly notices = signal<readonly Notice[]>([]);
  readonly question = signal<Question | undefined>(undefined);
  readonly #link: ControlLink;
  #nextId = 0;
  /** The number of unanswered requests to pause or resume, and what the last one asked for. */
  #toggles = { numOpen: 0, isPaused: false };

  constructor(link: ControlLink) {
    this.#link = link;
  }

  /** Runs a command and shows its result. */
  run<K extends CommandKey>(command: K, args: ArgumentsOf<K>, done: string): void {
    void this.attempt(command, args, done);
  }

  /** Like {@link run}; resolves with whether it succeeded, and never rejects. */
  async attempt<K extends CommandKey>(
    command: K,
    args: ArgumentsOf<K>,
    done: string,
  ): Promise<boolean> {
    try {
      await this.#link.request(command, args);
      this.say(done);
      return true;
    } catch (error) {
      this.say((error as Error).message, true);
      return false;
    }
  }

  /** Pauses or resumes the pool: the opposite of the last pending request, or of the current state. */
  async togglePause(isPausedNow: boolean): Promise<void> {
    const toggles = this.#toggles;
    const isPaused = toggles.numOpen > 0 ? toggles.isPaused : isPausedNow;
    toggles.isPaused = !isPaused;
    toggles.numOpen += 1;
    if (isPaused) await this.attempt('resume', {}, 'Resumed');
    else await this.attempt('pause', {}, 'Paused: no more tasks start');
    toggles.numOpen -= 1;
  }

  /** Asks for confirmation. */
  ask(question: Question): void {
    this.question.value = question;
  }

  /** Runs a command line; asks for confirmation if it ends something. Resolves with the answer as text. */
  async line(line: string, ends: string | undefined): Promise<string> {
    if (ends !== undefined) await this.#agreed(line, ends);
    const { text } = await this.#link.line(line);
    return text;
  }

  say(text: string, isError = false): void {
    const notice = { id: this.#nextId++, text, isError };
    this.notices.value = [...this.notices.value.slice(-3), notice];
    setTimeout(() => this.dismiss(notice.id), isError ? STAY * 3 : STAY);
  }

  dismiss(id: number): void {
    this.notices.value = this.notices.value.filter((notice) => notice.id !== id);
  }

  #agreed(line: string, text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.ask({
        title: `Run ${plain(line.trim())}?`,
        text,
        action: 'Run it',
        onConfirm: resolve,
        onCancel: () => reject(new Error('It was not run.')),
      });
    });
  }
}
