/** The events of a pool as text, made once and many at a time for all who watch all of them. */

import { type BasePool, type EventColumns, EventJson, type Tail, tail } from '../../index.ts';
import type { SessionOutput } from './session.ts';

/** An output that asks for events when it is about to send some. */
export type PullingOutput = SessionOutput & Required<Pick<SessionOutput, 'soon'>>;

interface Watcher {
  /** What each line begins with. */
  readonly start: string;
  /** The first event that it wants. */
  readonly from: number;
  readonly output: PullingOutput;
}

/** Events that follow one another, as the ends of lines. */
class Batch {
  readonly #first: number;
  readonly #rests: string[] = [];
  /** Of most watchers the lines begin with the same. */
  #start: string | undefined = undefined;
  #text = '';

  constructor(events: EventColumns, json: EventJson) {
    this.#first = events.first;
    let seq = events.first;
    events.visit((at, code, id, n, detail) => {
      this.#rests.push(`"event":${json.of(seq++, at, code, id, n, detail)}}\n`);
    });
  }

  /** The lines of a watcher. */
  lines({ start, from }: Watcher): string {
    if (from > this.#first) return textOf(start, this.#rests.slice(from - this.#first));
    if (start !== this.#start) {
      this.#start = start;
      this.#text = textOf(start, this.#rests);
    }
    return this.#text;
  }
}

function textOf(start: string, rests: readonly string[]): string {
  return rests.length === 0 ? '' : start + rests.join(start);
}

class Broadcast {
  readonly #watchers = new Set<Watcher>();
  readonly #json: EventJson;
  #tail: Tail | undefined;
  readonly #pull = (): void => this.#tail?.take();

  constructor(pool: BasePool) {
    this.#json = new EventJson(pool.name);
    this.#tail = tail(pool, {
      ready: () => {
        for (const { output } of this.#watchers) output.soon(this.#pull);
      },
      take: (events) => {
        const batch = new Batch(events, this.#json);
        for (const watcher of this.#watchers) {
          const lines = batch.lines(watcher);
          if (lines !== '') watcher.output.event(lines);
        }
      },
    });
  }

  get isPossible(): boolean {
    return this.#tail !== undefined;
  }

  /** @returns what ends it; what was recorded until then comes before. */
  add(watcher: Watcher, onEmpty: () => void): () => void {
    // Who was there before is to get what there is by now as one.
    this.#pull();
    this.#watchers.add(watcher);
    return () => {
      this.#pull();
      if (!this.#watchers.delete(watcher) || this.#watchers.size > 0) return;
      this.#tail?.end();
      this.#tail = undefined;
      onEmpty();
    };
  }
}

const BROADCASTS = new WeakMap<BasePool, Broadcast>();

/**
 * Sends all events of a pool from one on.
 *
 * @returns what ends it; undefined where they have to be subscribed to one by one.
 */
export function broadcast(pool: BasePool, watcher: Watcher): (() => void) | undefined {
  const known = BROADCASTS.get(pool) ?? new Broadcast(pool);
  if (!known.isPossible) return undefined;
  BROADCASTS.set(pool, known);
  return known.add(watcher, () => BROADCASTS.delete(pool));
}
