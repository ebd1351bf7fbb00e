/** Serializes the events of a pool in batches, once for all clients that watch all events. */

import { type BasePool, type EventColumns, EventJson, type Tail, tail } from '../../index.ts';
import type { SessionOutput } from './session.ts';

/** An output that pulls events when it is about to send. */
export type PullingOutput = SessionOutput & Required<Pick<SessionOutput, 'soon'>>;

interface Watcher {
  /** The beginning of each line. */
  readonly start: string;
  /** The first event to send. */
  readonly from: number;
  readonly output: PullingOutput;
}

/** Consecutive events, as the ends of lines. */
class Batch {
  readonly #first: number;
  readonly #rests: string[] = [];
  /** The beginning of lines, which is the same for most watchers. */
  #start: string | undefined = undefined;
  #text = '';

  constructor(events: EventColumns, json: EventJson) {
    this.#first = events.first;
    let seq = events.first;
    events.visit((at, code, id, n, detail) => {
      this.#rests.push(`"event":${json.of(seq++, at, code, id, n, detail)}}\n`);
    });
  }

  /** The lines for a watcher. */
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

  /**
   * @returns a function that ends it; events recorded before that are still sent.
   */
  add(watcher: Watcher, onEmpty: () => void): () => void {
    // Sends pending events to the existing watchers as one batch first.
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
 * Sends all events of a pool from a `seq` on.
 *
 * @returns a function that ends it; undefined if each event must be subscribed to.
 */
export function broadcast(pool: BasePool, watcher: Watcher): (() => void) | undefined {
  const known = BROADCASTS.get(pool) ?? new Broadcast(pool);
  if (!known.isPossible) return undefined;
  BROADCASTS.set(pool, known);
  return known.add(watcher, () => BROADCASTS.delete(pool));
}
