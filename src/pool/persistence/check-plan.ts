/** The check of the option `checkpoint`, imported by stores. */

import { checkPrune } from '../../journal/retention.ts';
import { type Check, checkCount } from '../../kit/checks.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import type { CheckpointPlan } from './checkpoint-plan.ts';

const checkEvery: Check = (name, value) => checkCount(name, value, 1);

const checkpointPlan = new OptionBag<CheckpointPlan>({
  prune: [(_, prune) => checkPrune(prune), 'truncate'],
  every: [checkEvery, 'interval'],
});

export const checkPlan: Check = (name, plan) => {
  checkpointPlan.check(name, plan, `${name}.`);
  checkEvery(`${name}.every`, (plan as CheckpointPlan).every);
};
