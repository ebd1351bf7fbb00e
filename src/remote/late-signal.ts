/** The signal of a call in the thread or worker that runs it. */

import { LateAbort } from '../kit/late-abort.ts';
import { abortError } from '../kit/on-abort.ts';

export class LateSignal extends LateAbort {
  /** Only the first reason counts, like for any signal. */
  override abort(reason: unknown): void {
    if (!this.isAborted) super.abort(reason === undefined ? abortError() : reason);
  }

  /** Whether a thrown value is the reason of the abort. */
  isReason(error: unknown): boolean {
    return this.isAborted && Object.is(error, this.reason);
  }
}
