/** Signals: the first Ctrl-C drains, the second cancels, the third ends the process immediately. */

import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { stopInStages } from '../../../node/signals/stop-in-stages.ts';
import type { Stop, StopReason } from './stop.ts';

/** All but SIGINT cancel immediately, since their senders do not wait for long. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** Makes signals stop a run, as `closeOnSignal` does for a pool. Returns a function that removes the handlers. */
export function stopOnSignals(stop: Stop): () => void {
  return stopInStages(SIGNALS, {
    get stage() {
      if (stop.isCancelling) return 'aborting';
      return stop.isStopping ? 'stopping' : 'running';
    },
    stop(signal) {
      if (signal === 'SIGINT') stop.drain(reasonOf(signal));
      else stop.cancel(reasonOf(signal));
    },
    abort(signal) {
      stop.cancel(reasonOf(signal));
    },
    ignores: (signal) => signal === 'SIGHUP' && isHangupIgnored(),
  });
}

function reasonOf(signal: NodeJS.Signals): StopReason {
  return { status: signal, message: signal };
}

/**
 * Whether the parent process ignores SIGHUP, like a script under `nohup`. Ignored signals are inherited, but Node
 * resets that before any code runs.
 */
function isHangupIgnored(): boolean {
  try {
    const status = readFileSync(`/proc/${process.ppid}/status`, 'latin1');
    const ignored = BigInt(`0x${/^SigIgn:\s+([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
    return ((ignored >> BigInt(constants.signals.SIGHUP - 1)) & 1n) === 1n;
  } catch {
    return false;
  }
}
