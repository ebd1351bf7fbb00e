/** A logger that never throws: whatever is wrong with it must not keep a pool from going on. */

import type { Logger } from './options.ts';

export function safeLogger(logger: Logger): Logger {
  return {
    info: (...data) => attempt(() => logger.info(...data)),
    error: (...data) => attempt(() => logger.error(...data)),
  };
}

function attempt(log: () => void): void {
  try {
    log();
  } catch {
    // There is nobody else to tell.
  }
}
