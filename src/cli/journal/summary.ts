/** What a journal says of its pool, kept up event by event. */

import type { ErrorData, PoolCheckpoint, PoolEvent } from '../../index.ts';
import { Durations } from './durations.ts';
import { inPlace } from './in-place.ts';
import { retriesFailed } from './item-tasks.ts';
import { headerIn, type RunHeader } from './run-header.ts';

/** How a group is. */
export interface GroupSummary {
  readonly name: string;
  readonly functionName: string;
  source: 'open' | 'paused' | 'exhausted' | 'failed' | 'cancelled';
  created: number;
  ended: number;
}

/** How many kinds of failures are counted separately; the others are counted together. */
const MAX_KINDS = 20;
const OTHER_FAILURES = 'other failures';

type Status = 'open' | 'locked' | 'closing' | 'closed';

export class Summary {
  pool = '';
  kind = '';
  status: Status = 'open';
  poolSize: number | null = null;
  /** There if it is the journal of `taskpool run`. */
  run: RunHeader | undefined = undefined;
  lastSeq = -1;
  firstAt = 0;
  lastAt = 0;
  readonly totals = { created: 0, fulfilled: 0, rejected: 0, cancelled: 0 };
  /** How often a process has resumed it, and how many tasks it found running. */
  readonly resumes = { count: 0, interrupted: 0 };
  readonly groups = new Map<string, GroupSummary>();
  readonly durations = new Durations();
  /** How often each kind of failure happened. */
  readonly failures = new Map<string, number>();
  /** Tasks that have not ended, with the time of their start. */
  readonly #open = new Map<
    number,
    { readonly group: GroupSummary | undefined; startedAt?: number }
  >();
  /** Events up to here are in the totals already. */
  readonly #counted: number;

  /** @param from there if the journal begins in the middle. */
  constructor(from: PoolCheckpoint | undefined) {
    this.#counted = from?.seq ?? -1;
    if (from === undefined) return;
    const { name, kind, status, poolSize, totals } = from;
    Object.assign(this, { pool: name, kind, status, poolSize });
    const { created, fulfilled, rejected, cancelled } = totals;
    Object.assign(this.totals, { created, fulfilled, rejected, cancelled });
  }

  get open(): number {
    const { created, fulfilled, rejected, cancelled } = this.totals;
    return created - fulfilled - rejected - cancelled;
  }

  apply(event: PoolEvent): void {
    if (this.lastSeq === -1) this.firstAt = event.at;
    this.pool = event.pool;
    this.lastSeq = event.seq;
    this.lastAt = event.at;
    if (event.type.startsWith('task.')) this.#applyToTask(event);
    else if (event.type.startsWith('group.')) this.#applyToGroup(event);
    else this.#applyToPool(event);
  }

  #applyToPool(event: PoolEvent): void {
    switch (event.type) {
      case 'pool.created':
        this.kind = event.kind;
        this.poolSize = event.poolSize;
        break;
      case 'pool.resized':
        this.poolSize = event.poolSize;
        break;
      case 'pool.recovered':
        this.resumes.count++;
        break;
      case 'pool.locked':
        this.status = 'locked';
        break;
      case 'pool.unlocked':
        this.status = 'open';
        break;
      case 'pool.closing':
        this.status = 'closing';
        break;
      case 'pool.closed':
        this.status = 'closed';
        break;
      default:
    }
  }

  #applyToGroup(event: PoolEvent): void {
    if (event.type === 'group.created') {
      this.run ??= headerIn(event);
      if (this.run !== undefined && retriesFailed(event)) this.#forgetFailures(event.seq);
      const { group: name, functionName } = event;
      this.groups.set(name, { name, functionName, source: 'open', created: 0, ended: 0 });
      return;
    }
    const source = SOURCES[event.type];
    const group = this.groups.get((event as { group: string }).group);
    if (group !== undefined && source !== undefined) group.source = source;
  }

  #applyToTask(event: PoolEvent): void {
    switch (event.type) {
      case 'task.queued': {
        const group = this.groups.get(event.group);
        if (group !== undefined) group.created++;
        if (event.seq > this.#counted) this.totals.created++;
        this.#open.set(event.id, { group });
        break;
      }
      case 'task.started': {
        const task = this.#open.get(event.id);
        if (task !== undefined) task.startedAt = event.at;
        break;
      }
      case 'task.interrupted':
        this.resumes.interrupted++;
        break;
      case 'task.ended':
        this.#end(event);
        break;
      default:
    }
  }

  #end(event: PoolEvent & { readonly type: 'task.ended' }): void {
    const task = this.#open.get(event.id);
    this.#open.delete(event.id);
    if (task?.group !== undefined) task.group.ended++;
    if (task?.startedAt !== undefined) this.durations.add(event.at - task.startedAt);
    if (event.seq > this.#counted) this.totals[event.outcome]++;
    if (event.error !== undefined) this.#countFailure(event.error);
  }

  /** Items that have failed are run again: they count once, by what comes of that. */
  #forgetFailures(seq: number): void {
    this.failures.clear();
    if (seq <= this.#counted) return;
    this.totals.created -= this.totals.rejected + this.totals.cancelled;
    Object.assign(this.totals, { rejected: 0, cancelled: 0 });
  }

  #countFailure({ name, message }: ErrorData): void {
    const text = `${name}: ${message}`;
    const isKnown = this.failures.has(text) || this.failures.size < MAX_KINDS;
    const kind = isKnown ? text : OTHER_FAILURES;
    this.failures.set(kind, (this.failures.get(kind) ?? 0) + 1);
  }
}

/** What becomes of a source with each event of its group. */
const SOURCES: Partial<Record<PoolEvent['type'], GroupSummary['source']>> = {
  'group.paused': 'paused',
  'group.resumed': 'open',
  'group.exhausted': 'exhausted',
  'group.failed': 'failed',
  'group.cancelled': 'cancelled',
};

/** The summary as a projection. */
export const summarizing = inPlace((from) => new Summary(from));
