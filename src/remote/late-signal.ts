/** The signal of a call where it runs. */

import { LateAbort } from '../kit/late-abort.ts';
import { abortError } from '../kit/on-abort.ts';

export class LateSignal extends LateAbort {
  /** Only the first reason counts, as with any signal. */
  override abort(reason: unknown): void {
    if (!this.isAborted) super.abort(reason === undefined ? abortError() : reason);
  }

  /** Whether what was thrown is what it was aborted with. */
  isReason(error: unknown): boolean {
    return this.isAborted && Object.is(error, this.reason);
  }
}
