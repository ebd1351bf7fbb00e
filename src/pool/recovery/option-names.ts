/** Which options recoveries take, and what other libraries call them. */

import { OptionBag } from '../../kit/option-bag.ts';
import { CALLBACKS, POOL, SIGNAL } from '../option-names.ts';
import type {
  RecoveredGroupOptions,
  RecoveryOptions,
  SimpleRecoveryOptions,
} from './recovery-options.ts';

const { name: _name, retain: _retain, journal: _journal, ...RECOVERED } = POOL;

const SIMPLE = {
  ...RECOVERED,
  onInterrupted: ['interrupted'],
  groups: [],
};

export const recoveryOptions = new OptionBag<RecoveryOptions>({
  ...SIMPLE,
  sources: ['source', 'items'],
});
export const simpleRecoveryOptions = new OptionBag<SimpleRecoveryOptions>({
  ...SIMPLE,
  ...CALLBACKS,
});
/** Of one group, in the options of a recovery. */
export const recoveredGroupOptions = new OptionBag<RecoveredGroupOptions>({
  ...CALLBACKS,
  onInterrupted: ['interrupted'],
  signal: SIGNAL,
  isCancellation: POOL.isCancellation,
});
