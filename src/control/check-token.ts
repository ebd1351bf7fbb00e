/** The check of tokens, of servers and of their clients. */

import type { Check } from '../kit/option-bag.ts';

export const checkToken: Check = (name, value) => {
  if (typeof value === 'string' && value !== '') return;
  // Not even what it is instead: it may be the token after all.
  throw new TypeError(`expected ${name} to be a string that is not empty`);
};
