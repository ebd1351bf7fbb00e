/** Wraps a logger so that it never throws: a broken logger must not stop a pool. */

import { attempt } from '../kit/promises.ts';
import type { Logger } from './options/pool-options.ts';

export function safeLogger(logger: Logger): Logger {
  return {
    info: (...data) => void attempt(() => logger.info(...data), ignore),
    error: (...data) => void attempt(() => logger.error(...data), ignore),
  };
}

/** There is nowhere else to report the error. */
function ignore(): void {}
