/** Signals: Ctrl-C drains, a second one cancels, a third one ends the process at once. */

import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dieOf } from '../../node/signals/die-of.ts';
import type { Stop, StopReason } from './stop.ts';

/** These cancel at once: who sends them does not wait for long. */
const CANCELLING = ['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** Lets signals stop a run. Returns what undoes that. */
export function stopOnSignals(stop: Stop): () => void {
  const onInterrupt = () => {
    if (stop.isCancelling) dieOf('SIGINT');
    else if (stop.isStopping) stop.cancel(reasonOf('SIGINT'));
    else stop.drain(reasonOf('SIGINT'));
  };
  const onTerminate = (signal: NodeJS.Signals) => {
    if (signal === 'SIGHUP' && isHangupIgnored()) return;
    if (stop.isCancelling) dieOf(signal);
    else stop.cancel(reasonOf(signal));
  };
  process.on('SIGINT', onInterrupt);
  for (const signal of CANCELLING) process.on(signal, onTerminate);
  return () => {
    process.off('SIGINT', onInterrupt);
    for (const signal of CANCELLING) process.off(signal, onTerminate);
  };
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
