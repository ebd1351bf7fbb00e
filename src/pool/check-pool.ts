/** The check that an argument is a pool. */

import { checkOf } from '../kit/checks.ts';
import type { Check } from '../kit/option-bag.ts';
import { BasePool } from './base-pool.ts';

export const checkPool: Check = checkOf('a pool', (value) => value instanceof BasePool);
