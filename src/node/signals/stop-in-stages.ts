/** Handles signals in stages: the first stops gracefully, the second aborts, the third kills. */

import { dieOf } from './die-of.ts';

/** Something stopped by signals. */
export interface Stages {
  /** The current stage, reached by signals or otherwise. */
  readonly stage: 'running' | 'stopping' | 'aborting';
  /** Starts nothing more, and lets running work finish. */
  stop(signal: NodeJS.Signals): void;
  /** Aborts running work. */
  abort(signal: NodeJS.Signals): void;
  /** Whether to ignore a signal. Default: never. */
  ignores?(signal: NodeJS.Signals): boolean;
}

/** Installs the signal handlers. Returns a function that removes them. */
export function stopInStages(signals: readonly NodeJS.Signals[], stages: Stages): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stages.ignores?.(signal) === true) return;
    if (stages.stage === 'running') stages.stop(signal);
    else if (stages.stage === 'stopping') stages.abort(signal);
    else dieOf(signal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
