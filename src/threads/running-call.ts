/** A call with a context, in the thread that runs it. */

import type { Json, PoolIdentity } from '../index.ts';
import { inspected } from '../node/inspected.ts';
import { type PackedError, unpackError } from '../remote/errors.ts';
import type { FarCall } from '../remote/far-context.ts';
import { LateSignal } from '../remote/late-signal.ts';
import type { TracedCall } from '../remote/trace.ts';
import type { FromThread, SentContext } from './messages.ts';

export class RunningCall implements FarCall {
  /** The number of the call. */
  readonly number: number;
  readonly terms: TracedCall;
  readonly late = new LateSignal();
  readonly pool: PoolIdentity;
  readonly isPassed: boolean;
  readonly #post: (message: FromThread) => void;
  readonly #waiting: { resolve(): void; reject(error: unknown): void }[] = [];

  constructor(number: number, sent: SentContext, post: (message: FromThread) => void) {
    const [id, index, attempt, groupName, functionName, poolName, uid, epoch, isPassed] = sent;
    this.number = number;
    this.terms = { id, index, attempt, groupName, functionName, poolName };
    this.pool = { name: poolName, uid, epoch };
    this.isPassed = isPassed;
    this.#post = post;
  }

  report(progress: Json): void {
    this.#post(['report', this.number, progress]);
  }

  log(data: readonly unknown[]): void {
    this.#post(['log', this.number, data.map(cloneable)]);
  }

  placed(by: string): void {
    this.#post(['placed', this.number, by]);
  }

  untilStored(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#post(['untilStored', this.number]);
    });
  }

  /** The answer to `untilStored`: the store has all events, or has failed. */
  stored(failure: PackedError | undefined): void {
    for (const { resolve, reject } of this.#waiting.splice(0)) {
      if (failure === undefined) resolve();
      else reject(unpackError(failure));
    }
  }
}

/** A clone, or the printed form of a value that cannot be cloned. */
function cloneable(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return inspected(value);
  }
}
