/** What everything takes that is waited for: apart, so that a queue alone brings no pool along. */

import { checkSignal } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';
import type { WaitOptions } from './options.ts';
import type { TaskContext } from './task-context.ts';

/** What is on the prototype of a context: a bag has names of its own. */
type Inherited = 'placed' | 'onAbort' | 'untilStored' | 'pool' | 'isPassed';
/** The context of a task will do as it stands: its other names are overlooked. */
export const waitOptions = new OptionBag<WaitOptions & Omit<TaskContext, Inherited>>({
  signal: [checkSignal],
  id: [],
  index: [],
  attempt: [],
  groupName: [],
  functionName: [],
  poolName: [],
  report: [],
  log: [],
});
