/** The check of what says how long to wait. */

import { checkOptionalSignal } from './checks.ts';
import { waitOptions } from './option-names.ts';
import type { WaitOptions } from './options.ts';

/**
 * @param where whose options they are, for the error: `results()`.
 * @throws TypeError
 */
export function checkWait(where: string, options: WaitOptions): void {
  waitOptions.check(where, options);
  checkOptionalSignal('signal', options.signal);
}
