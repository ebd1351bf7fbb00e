/** Signals: Ctrl-C drains, a second one cancels, a third one ends the process at once. */

import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { stopInStages } from '../../../node/signals/stop-in-stages.ts';
import type { Stop, StopReason } from './stop.ts';

/** Who sends any but the first of these does not wait for long: they cancel at once. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** Lets signals stop a run, as `closeOnSignal` does a pool. Returns what undoes that. */
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
 * Whether the process that started this one ignores SIGHUP, as a script under `nohup`. What is
 * ignored is inherited, but Node has undone that before anyone could look.
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
