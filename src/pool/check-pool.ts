/** The check of what has to be a pool. */

import { checkOf } from '../kit/checks.ts';
import type { Check } from '../kit/option-bag.ts';
import { BasePool } from './base-pool.ts';

export const checkPool: Check = checkOf('a pool', (value) => value instanceof BasePool);
