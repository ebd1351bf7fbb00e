/** The context of a task as its function has it in a thread. */

import type { PoolIdentity, TaskContext } from '../index.ts';
import { isError } from '../kit/realms.ts';
import { CONTEXT } from '../pool/remote.ts';
import { type PackedError, unpackError } from '../remote/errors.ts';
import { LateSignal } from '../remote/late-signal.ts';
import type { FromThread, SentContext } from './messages.ts';

/** Sends what a function says to the thread of the pool. */
export interface Link {
  send(message: FromThread): void;
  /** What of some values can be cloned, and the texts of those that cannot. */
  cloneable(data: readonly unknown[]): readonly unknown[];
}

export class FarContext implements TaskContext {
  readonly id: number;
  readonly index: number;
  readonly attempt: number;
  readonly groupName: string;
  readonly functionName: string;
  readonly poolName: string;
  readonly pool: PoolIdentity;
  readonly isPassed: boolean;
  readonly report: (progress: unknown) => void;
  readonly log: (...data: unknown[]) => void;
  readonly placed: (by: string) => void;
  readonly untilStored: () => Promise<void>;
  readonly #waiting: { resolve(): void; reject(error: unknown): void }[] = [];
  readonly #late = new LateSignal();

  constructor(call: number, sent: SentContext, link: Link) {
    const [id, index, attempt, groupName, functionName, poolName, uid, epoch, isPassed] = sent;
    this.id = id;
    this.index = index;
    this.attempt = attempt;
    this.groupName = groupName;
    this.functionName = functionName;
    this.poolName = poolName;
    this.pool = { name: poolName, uid, epoch };
    this.isPassed = isPassed;
    this.report = (progress) => link.send(['report', call, plain(progress, link)]);
    this.log = (...data) => link.send(['log', call, link.cloneable(data)]);
    this.placed = (by) => link.send(['placed', call, by]);
    this.untilStored = () =>
      new Promise((resolve, reject) => {
        this.#waiting.push({ resolve, reject });
        link.send(['untilStored', call]);
      });
    // Own and enumerable, so that copies that platform functions make of their options have it.
    Object.defineProperty(this, 'signal', { enumerable: true, get: () => this.#late.signal });
  }

  declare readonly signal: AbortSignal;

  get [CONTEXT](): true {
    return true;
  }

  abort(reason: unknown): void {
    this.#late.abort(reason);
  }

  /** Whether what was thrown is what the signal was aborted with. */
  isReason(error: unknown): boolean {
    return this.#late.isReason(error);
  }

  stored(failure: PackedError | undefined): void {
    for (const { resolve, reject } of this.#waiting.splice(0)) {
      if (failure === undefined) resolve();
      else reject(unpackError(failure));
    }
  }
}

/** What JSON makes of a value; the pool makes the rest of it what it makes of any. */
function plain(value: unknown, link: Link): unknown {
  if (typeof value !== 'object' || value === null) return link.cloneable([value])[0];
  try {
    return isError(value) ? structuredClone(value) : (JSON.parse(JSON.stringify(value)) as unknown);
  } catch {
    return link.cloneable([value])[0];
  }
}
