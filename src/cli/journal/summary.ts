/** A projection of a journal to its summary. */

import type { ErrorData, PoolCheckpoint, PoolEvent, PoolStatus } from '../../index.ts';
import { Statistics } from '../../statistics/index.ts';
import { inPlace } from './in-place.ts';
import { retriesFailed } from './item-tasks.ts';
import { headerIn, type RunHeader } from './run-header.ts';

/** The state of a group's source. */
type Source = 'open' | 'paused' | 'exhausted' | 'failed' | 'cancelled';

/** The summary of a group. */
export interface GroupSummary {
  readonly name: string;
  readonly functionName: string;
  readonly source: Source;
  readonly created: number;
  readonly ended: number;
}

/** The number of distinct failures that are counted separately; further ones are counted together. */
const MAX_KINDS = 20;
const OTHER_FAILURES = 'other failures';

export class Summary {
  kind = '';
  status: PoolStatus = 'open';
  poolSize: number | null = null;
  /** The header of the run, if this is the journal of `taskpool run`. */
  run: RunHeader | undefined = undefined;
  /** Items of a run count once, by their latest outcome. */
  readonly totals = { created: 0, fulfilled: 0, rejected: 0, cancelled: 0 };
  /** The number of recoveries by another process. */
  recoveries = 0;
  /** Counts and durations. */
  readonly statistics = new Statistics();
  /** The number of failures, by name and message. */
  readonly failures = new Map<string, number>();
  /** The sources of groups that are neither open nor exhausted. */
  readonly #sources = new Map<string, Source>();
  /** The number of the last event that the totals of the checkpoint already include. */
  readonly #counted: number;

  /**
   * @param from the checkpoint, if the journal does not begin with the first event.
   */
  constructor(from: PoolCheckpoint | undefined) {
    this.#counted = from?.seq ?? -1;
    if (from === undefined) return;
    const { kind, status, poolSize, totals } = from;
    Object.assign(this, { kind, status, poolSize });
    const { created, fulfilled, rejected, cancelled } = totals;
    Object.assign(this.totals, { created, fulfilled, rejected, cancelled });
    this.statistics.beginAt(from);
  }

  /** The number of tasks that have not ended. */
  get open(): number {
    const { created, fulfilled, rejected, cancelled } = this.totals;
    return created - fulfilled - rejected - cancelled;
  }

  /** The groups in order of creation; above a thousand the oldest are merged. */
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

  /** Failed items are about to be retried: they count once, by the outcome of the retry. */
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

/** The state of a source after each event of its group. */
const SOURCES: Partial<Record<PoolEvent['type'], Source>> = {
  'group.paused': 'paused',
  'group.resumed': 'open',
  'group.exhausted': 'exhausted',
  'group.failed': 'failed',
  'group.cancelled': 'cancelled',
};

/** The summary as a projection. */
export const summarizing = inPlace((from) => new Summary(from));
