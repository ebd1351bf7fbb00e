/** Signals: Ctrl-C drains, a second one cancels, a third one ends the process there and then. */

import { constants } from 'node:os';
import type { Stop, StopReason } from './stop.ts';

/** These cancel at once: who sends them does not wait for long. */
const CANCELLING = ['SIGTERM', 'SIGHUP'] as const;

/** Lets signals stop a run. Returns what undoes that. */
export function stopOnSignals(stop: Stop): () => void {
  const onInterrupt = () => {
    if (stop.isCancelling) endAtOnce('SIGINT');
    else if (stop.isStopping) stop.cancel(reasonOf('SIGINT'));
    else stop.drain(reasonOf('SIGINT'));
  };
  const onTerminate = (signal: NodeJS.Signals) => {
    if (stop.isCancelling) endAtOnce(signal);
    else stop.cancel(reasonOf(signal));
  };
  process.on('SIGINT', onInterrupt);
  for (const signal of CANCELLING) process.on(signal, onTerminate);
  return () => {
    process.off('SIGINT', onInterrupt);
    for (const signal of CANCELLING) process.off(signal, onTerminate);
  };
}

/** As shells report a process that a signal has ended. */
function reasonOf(signal: NodeJS.Signals): StopReason {
  return { exitCode: 128 + constants.signals[signal], message: signal };
}

function endAtOnce(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
