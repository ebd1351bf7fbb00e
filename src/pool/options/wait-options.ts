/**
 * The options of everything that can be awaited; a file of its own, so that a `Queue` alone does not import a
 * pool.
 */

import { checkSignal } from '../../kit/checks.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import type { TaskContext } from '../functions/task-context.ts';
import type { WaitOptions } from './pool-options.ts';

/** The other properties of a task's context, which can be passed as it is. */
const OF_CONTEXT: readonly Exclude<keyof TaskContext, keyof WaitOptions>[] = [
  'id',
  'index',
  'attempt',
  'groupName',
  'functionName',
  'poolName',
  'report',
  'log',
];

export const waitOptions = new OptionBag<WaitOptions>({ signal: [checkSignal] }, OF_CONTEXT);
