/** The order in which a run prints, and what of it earlier processes have left to be printed. */

import type { RunHeader } from '../../journal/run-header.ts';
import type { EarlierRun } from '../earlier-run.ts';
import { AsCompleted, InOrder, type Order } from './order.ts';
import type { Sink } from './sink.ts';
import { printedAgain } from './stored-result.ts';

export function orderOf({ isOrdered, results }: RunHeader, sink: Sink, earlier: EarlierRun): Order {
  if (!isOrdered) return new AsCompleted(sink);
  const order = new InOrder(sink, earlier.turns);
  for (const [index, ended] of earlier.ended) {
    if (ended === undefined) order.skip(index);
    else order.put(index, printedAgain(ended, results));
  }
  return order;
}
