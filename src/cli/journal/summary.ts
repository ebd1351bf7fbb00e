/** What a journal says of its pool, kept up event by event. */

import type { ErrorData, PoolCheckpoint, PoolEvent, PoolStatus } from '../../index.ts';
import { Statistics } from '../../statistics/index.ts';
import { inPlace } from './in-place.ts';
import { retriesFailed } from './item-tasks.ts';
import { headerIn, type RunHeader } from './run-header.ts';

/** Where a group gets its tasks from. */
type Source = 'open' | 'paused' | 'exhausted' | 'failed' | 'cancelled';

/** How a group is. */
export interface GroupSummary {
  readonly name: string;
  readonly functionName: string;
  readonly source: Source;
  readonly created: number;
  readonly ended: number;
}

/** How many kinds of failures are counted separately; the others are counted together. */
const MAX_KINDS = 20;
const OTHER_FAILURES = 'other failures';

export class Summary {
  kind = '';
  status: PoolStatus = 'open';
  poolSize: number | null = null;
  /** There if it is the journal of `taskpool run`. */
  run: RunHeader | undefined = undefined;
  /** Items of a run count once, by what came of them last. */
  readonly totals = { created: 0, fulfilled: 0, rejected: 0, cancelled: 0 };
  /** How often another process has continued. */
  recoveries = 0;
  /** All that can be counted. */
  readonly statistics = new Statistics();
  /** How often each kind of failure happened. */
  readonly failures = new Map<string, number>();
  /** The groups whose source is neither open nor exhausted. */
  readonly #sources = new Map<string, Source>();
  /** Events up to here are in the totals already. */
  readonly #counted: number;

  /** @param from there if the journal begins in the middle. */
  constructor(from: PoolCheckpoint | undefined) {
    this.#counted = from?.seq ?? -1;
    if (from === undefined) return;
    const { kind, status, poolSize, totals } = from;
    Object.assign(this, { kind, status, poolSize });
    const { created, fulfilled, rejected, cancelled } = totals;
    Object.assign(this.totals, { created, fulfilled, rejected, cancelled });
    this.statistics.beginAt(from);
  }

  /** How many tasks have not ended. */
  get open(): number {
    const { created, fulfilled, rejected, cancelled } = this.totals;
    return created - fulfilled - rejected - cancelled;
  }

  /** In the order of their creation; the oldest of more than a thousand are no longer there. */
  get groups(): GroupSummary[] {
    return Array.from(this.statistics.ledger.groups, ({ name, functionName, isOpen, ...row }) => {
      const { fulfilled, rejected, cancelled } = row.outcomes;
      const source = this.#sources.get(name) ?? (isOpen ? 'open' : 'exhausted');
      const ended = fulfilled + rejected + cancelled;
      return { name, functionName, source, created: row.created, ended };
    });
  }

  apply(event: PoolEvent): void {
    this.statistics.apply(event);
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
        this.recoveries++;
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
      this.#sources.delete(event.group);
      return;
    }
    const source = SOURCES[event.type];
    if (source === undefined) return;
    const { group } = event as { group: string };
    if (source === 'open' || source === 'exhausted') this.#sources.delete(group);
    else this.#sources.set(group, source);
  }

  #applyToTask(event: PoolEvent): void {
    if (event.type === 'task.ended') {
      if (event.seq > this.#counted) this.totals[event.outcome]++;
      if (event.error !== undefined) this.#countFailure(event.error);
    } else if (event.type === 'task.queued' && event.seq > this.#counted) {
      this.totals.created++;
    }
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
const SOURCES: Partial<Record<PoolEvent['type'], Source>> = {
  'group.paused': 'paused',
  'group.resumed': 'open',
  'group.exhausted': 'exhausted',
  'group.failed': 'failed',
  'group.cancelled': 'cancelled',
};

/** The summary as a projection. */
export const summarizing = inPlace((from) => new Summary(from));
