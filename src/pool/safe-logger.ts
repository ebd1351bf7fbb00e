/** A logger that never throws: whatever is wrong with it must not keep a pool from going on. */

import { attempt } from '../kit/promises.ts';
import type { Logger } from './options/pool-options.ts';

export function safeLogger(logger: Logger): Logger {
  return {
    info: (...data) => void attempt(() => logger.info(...data), ignore),
    error: (...data) => void attempt(() => logger.error(...data), ignore),
  };
}

/** There is nobody else to report it to. */
function ignore(): void {}
