/** What the page shows: the actors, one that is selected, and the message at which time stands still. */

import { signal } from '@preact/signals';
import type { ActorRecord } from './actor-record.ts';
import { numUntil } from './actor-record.ts';
import { History } from './history.ts';
import { Link, type LinkOptions } from './link.ts';

export class Model {
  readonly history = new History();
  /** Counts up when messages have come, at most once a frame. */
  readonly beat = signal(0);
  /** The key of the actor that was selected. */
  readonly selectedKey = signal<string | undefined>(undefined);
  /** The message after which everything is shown; undefined while the latest is. */
  readonly pausedAt = signal<number | undefined>(undefined);
  readonly search = signal('');
  /** Whether the events of all actors are listed. */
  readonly listsAll = signal(false);
  readonly hidesEnded = signal(false);
  readonly link: Link;
  readonly #origin: string;
  #isAwaiting = false;

  constructor(options: LinkOptions) {
    this.#origin = options.origin;
    this.link = new Link(
      options,
      () => this.history.last + 1,
      (batch) => {
        this.history.add(batch);
        this.#awaitFrame();
      },
    );
  }

  /** What programs have to be given. */
  get inspectorUrl(): string {
    return this.#origin;
  }

  /** The message after which everything is shown. */
  get seq(): number {
    const { last, numDropped } = this.history;
    const { value } = this.pausedAt;
    return value === undefined ? last : Math.min(last, Math.max(value, numDropped));
  }

  /** The actor that was selected, or else the first. */
  get selected(): ActorRecord | undefined {
    const { actors } = this.history;
    const selected = actors.get(this.selectedKey.value ?? '');
    if (selected !== undefined) return selected;
    const [first] = actors.values();
    return first;
  }

  select(key: string): void {
    this.selectedKey.value = key;
  }

  pause(): void {
    this.pausedAt.value = this.history.last;
  }

  resume(): void {
    this.pausedAt.value = undefined;
  }

  goTo(seq: number): void {
    const { last, numDropped } = this.history;
    this.pausedAt.value = Math.max(numDropped, Math.min(last, seq));
  }

  /** Goes to the message before this one, or after it, that is about the selected actor. */
  step(by: -1 | 1): void {
    const { selected, seq } = this;
    if (selected === undefined) return;
    const seqs = [selected.snapshots, selected.events].map((entries) => {
      const place = numUntil(entries, by < 0 ? seq - 1 : seq) + (by < 0 ? -1 : 0);
      return entries[place]?.seq;
    });
    const near = seqs.filter((each) => each !== undefined);
    if (near.length > 0) this.goTo(by < 0 ? Math.max(...near) : Math.min(...near));
  }

  #awaitFrame(): void {
    if (this.#isAwaiting) return;
    this.#isAwaiting = true;
    // Pages in the background have no frames.
    setTimeout(() => {
      this.#isAwaiting = false;
      this.beat.value++;
    }, 16);
  }
}
