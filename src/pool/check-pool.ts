/** The check that an argument is a pool. */

import { type Check, checkOf } from '../kit/checks.ts';
import { BasePool } from './base-pool.ts';

export const checkPool: Check = checkOf('a pool', (value) => value instanceof BasePool);
