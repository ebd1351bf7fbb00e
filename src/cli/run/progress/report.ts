/** SIGUSR1 and SIGUSR2 print the progress of a run that shows none, as in GNU parallel. */

import type { RunningItems } from '../items/running-items.ts';
import { label, type Messages } from '../output/messages.ts';
import { durationOf, plainLine, type Standing } from './progress.ts';

/**
 * Makes SIGUSR1 print the running items, and SIGUSR2 the progress. Without handlers Node would open a debugger port,
 * or exit. Returns a function that removes the handlers.
 */
export function reportOnSignals(
  messages: Messages,
  running: RunningItems,
  standing: () => Promise<Standing>,
): () => void {
  const list = () => {
    if (running.size === 0) messages.say('nothing is running');
    for (const { item, startedAt } of running.attempts) {
      messages.say(`running for ${durationOf(performance.now() - startedAt)}: ${label(item)}`);
    }
  };
  const count = () => {
    void standing().then((now) => messages.say(plainLine(now)));
  };
  process.on('SIGUSR1', list);
  process.on('SIGUSR2', count);
  return () => {
    process.removeListener('SIGUSR1', list);
    process.removeListener('SIGUSR2', count);
  };
}
