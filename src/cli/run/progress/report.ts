/** SIGUSR1 and SIGUSR2, by which one asks a run that shows no progress how far it is, as with GNU parallel. */

import type { RunningItems } from '../items/running-items.ts';
import { label, type Messages } from '../output/messages.ts';
import { durationOf, plainLine, type Standing } from './progress.ts';

/**
 * Has SIGUSR1 print what is running, and SIGUSR2 how far the run is. Without it Node would open a port for
 * debuggers, or end. Returns what undoes that.
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
