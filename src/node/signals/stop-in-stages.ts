/** Signals that end a process in stages: the first stops what it does, the next aborts that, a third kills. */

import { dieOf } from './die-of.ts';

/** What is ended by signals. */
export interface Stages {
  /** How far it has come, by signals or for another reason. */
  readonly stage: 'running' | 'stopping' | 'aborting';
  /** Begins nothing more, and lets what runs finish. */
  stop(signal: NodeJS.Signals): void;
  /** Aborts what runs. */
  abort(signal: NodeJS.Signals): void;
  /** Whether a signal is to have no effect. Default: none is. */
  ignores?(signal: NodeJS.Signals): boolean;
}

/** Lets signals end something. Returns what undoes that. */
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
