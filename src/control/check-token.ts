/** Checks the option `token` of servers and clients. */

import type { Check } from '../kit/checks.ts';

export const checkToken: Check = (name, value) => {
  if (typeof value === 'string' && value !== '') return;
  // The given value is not shown: it may be the token after all.
  throw new TypeError(`expected ${name} to be a non-empty string`);
};
