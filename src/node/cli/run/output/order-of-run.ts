/** The order in which a run prints, and what of it earlier processes have left to be printed. */

import type { RunHeader } from '../../journal/run-header.ts';
import type { EarlierRun } from '../earlier-run.ts';
import { AsCompleted, InOrder, type Order } from './order.ts';
import { printedAgain } from './result-format.ts';
import type { Sink } from './sink.ts';

export function orderOf({ isOrdered, results }: RunHeader, sink: Sink, earlier: EarlierRun): Order {
  if (!isOrdered) return new AsCompleted(sink);
  const order = new InOrder(sink, earlier.head);
  for (const [index, { item, result }] of earlier.ended) {
    if (result === undefined) order.skip(index);
    else order.put(index, printedAgain(result, item, results));
  }
  return order;
}
