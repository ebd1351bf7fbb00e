/** What a person does to the pool: commands, and the questions before those that cannot be undone. */

import { signal } from '@preact/signals';
import type { ArgumentsOf, ControlLink } from '../../../control/client/index.ts';
import type { CommandKey } from '../../../control/table.ts';
import type { Question } from '../../ui/dialog.tsx';
import { plain } from '../../ui/format.ts';

/** What came of a command. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly isError: boolean;
}

/** How long a notice stays, in milliseconds; an error longer. */
const STAY = 5000;

export class Actions {
  readonly notices = signal<readonly Notice[]>([]);
  readonly question = signal<Question | undefined>(undefined);
  readonly #link: ControlLink;
  #nextId = 0;
  /** How often pausing or resuming was asked for without an answer yet, and what the last one asked for. */
  #toggles = { numOpen: 0, isPaused: false };

  constructor(link: ControlLink) {
    this.#link = link;
  }

  /** Runs a command and says what came of it. */
  run<K extends CommandKey>(command: K, args: ArgumentsOf<K>, done: string): void {
    void this.attempt(command, args, done);
  }

  /** The same; resolves with whether it was done, and never rejects. */
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

  /** Pauses the pool, or resumes it: the opposite of what was asked for last, or else of what it is. */
  async togglePause(isPausedNow: boolean): Promise<void> {
    const toggles = this.#toggles;
    const isPaused = toggles.numOpen > 0 ? toggles.isPaused : isPausedNow;
    toggles.isPaused = !isPaused;
    toggles.numOpen += 1;
    if (isPaused) await this.attempt('resume', {}, 'Resumed');
    else await this.attempt('pause', {}, 'Paused: no more tasks start');
    toggles.numOpen -= 1;
  }

  /** Asks first. */
  ask(question: Question): void {
    this.question.value = question;
  }

  /** Runs a command line; asks first where it ends something, and says what. Resolves with the answer as text. */
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
