/** The statistics of the server, asked for once a second at the most, and one at a time. */

import { signal } from '@preact/signals';
import type { ControlLink } from '../../../control/client/index.ts';

export type StatisticsAnswer = unknown;

const EVERY = 1000;

export class Statistics {
  readonly latest = signal<StatisticsAnswer | undefined>(undefined);
  readonly #link: ControlLink;
  #isAsking = false;
  #askedAt = Number.NEGATIVE_INFINITY;
  #askedFor: number | undefined = undefined;

  constructor(link: ControlLink) {
    this.#link = link;
  }

  /** @param at the event; undefined for the present. */
  refresh(at: number | undefined): void {
    const now = performance.now();
    const isSame = at === this.#askedFor && (at !== undefined || now - this.#askedAt < EVERY);
    if (this.#isAsking || isSame || this.#link.status !== 'connected') return;
    this.#isAsking = true;
    this.#askedAt = now;
    this.#askedFor = at;
    void this.#link
      .request('statistics' as never, (at === undefined ? {} : { at }) as never)
      .then(
        (answer) => {
          this.latest.value = answer;
        },
        // The next time it may succeed.
        () => {},
      )
      .finally(() => {
        this.#isAsking = false;
      });
  }
}
