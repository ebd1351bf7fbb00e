/** Counts events over a history in bins, so that a request need not read the events again. */

import type { PoolEvent } from '../../index.ts';
import { Serial } from '../../kit/serial.ts';
import type { Past } from './past.ts';
import type { Slices } from './slices.ts';

/** A part of a history, divided into buckets of equal numbers of events or equal times. */
export interface DensityRange {
  readonly from: number;
  readonly to: number;
  readonly buckets: number;
  readonly by: 'seq' | 'time';
}

/** Consecutive events. */
export interface DensityBucket {
  /** The `seq` of the first event. */
  readonly seq: number;
  /** When it was recorded: milliseconds since the epoch. */
  readonly at: number;
  /** The number of events. */
  readonly events: number;
  /** The number of events that report a failure. */
  readonly failed: number;
}

/** The number of events per bin. */
const BIN = 64;

type Bin = { -readonly [K in keyof DensityBucket]: DensityBucket[K] };

export class Density {
  readonly #past: Past;
  readonly #serial = new Serial();
  /** In the order of `seq`; each but the first and the last has {@link BIN} events. */
  #bins: Bin[] = [];
  /** The first event that is not counted yet. */
  #next = 0;

  constructor(past: Past) {
    this.#past = past;
  }

  /** @throws StorePruned if the journal drops events faster than they can be read. */
  async buckets(range: DensityRange, slices: Slices): Promise<readonly DensityBucket[]> {
    const { from, to, buckets } = range;
    if (to < from) return [];
    if (to - from < buckets * BIN) {
      const bins: Bin[] = [];
      await this.#past.visit(from, to, (event) => void bins.push(binOf(event)), slices);
      return merged(bins, range);
    }
    await this.#catchUp(slices);
    this.#forgetBefore(from);
    const bins = this.#bins.filter(({ seq, events }) => seq + events > from && seq <= to);
    return merged(bins, range);
  }

  /** Counts new events. Concurrent calls run one after the other. */
  #catchUp(slices: Slices): Promise<void> {
    return this.#serial.run(() => {
      const { firstSeq, lastSeq } = this.#past;
      const begin = this.#bins[0]?.seq;
      if (this.#next < firstSeq || begin === undefined || begin > firstSeq) {
        this.#bins = [];
        this.#next = firstSeq;
      }
      return this.#past.visit(this.#next, lastSeq, (event) => this.#count(event), slices);
    });
  }

  #count(event: PoolEvent): undefined {
    const last = this.#bins.at(-1);
    if (last === undefined || event.seq % BIN === 0) this.#bins.push(binOf(event));
    else {
      last.events++;
      if (hasFailed(event)) last.failed++;
    }
    this.#next = event.seq + 1;
  }

  /** Drops bins whose events the journal no longer holds, which would accumulate. */
  #forgetBefore(from: number): void {
    const held = Math.min(from, this.#past.firstSeq);
    let gone = 0;
    while (gone < this.#bins.length && endOf(this.#bins[gone] as Bin) <= held) gone++;
    if (gone > 0) this.#bins.splice(0, gone);
  }
}

function endOf({ seq, events }: Bin): number {
  return seq + events;
}

function binOf(event: PoolEvent): Bin {
  return { seq: event.seq, at: event.at, events: 1, failed: hasFailed(event) ? 1 : 0 };
}

function hasFailed(event: PoolEvent): boolean {
  if (event.type === 'task.ended') return event.outcome === 'rejected';
  return event.type.endsWith('.failed');
}

/** Merges neighbouring bins. */
function merged(bins: readonly Bin[], { buckets, by }: DensityRange): Bin[] {
  const [first] = bins;
  const last = bins.at(-1);
  if (first === undefined || last === undefined) return [];
  const measure = by === 'seq' ? 'seq' : 'at';
  const start = first[measure];
  const width = (last[measure] - start + 1) / buckets;
  const result: Bin[] = [];
  let current = -1;
  for (const bin of bins) {
    // Clocks may be set back, but events stay in order.
    const bucket = Math.max(current, Math.floor((bin[measure] - start) / width));
    const open = result.at(-1);
    if (open === undefined || bucket > current) result.push({ ...bin });
    else {
      open.events += bin.events;
      open.failed += bin.failed;
    }
    current = bucket;
  }
  return result;
}
