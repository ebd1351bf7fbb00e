/** Several policies as one. */

import type { Decide, SizeAdvice, SizePolicy } from './policy.ts';

/**
 * The smallest size that any of some policies advises, with the reason of that one.
 *
 * @throws TypeError without a policy.
 */
export function smallest(...policies: readonly SizePolicy[]): SizePolicy {
  if (policies.length === 0) throw new TypeError('expected policies, got none');
  const readLoad = policies.find((policy) => policy.readLoad !== undefined)?.readLoad;
  return { decide: smallestOf(policies.map(({ decide }) => decide)), readLoad };
}

function smallestOf(parts: readonly Decide[]): Decide {
  return (sample) => {
    const all = parts.map((decide) => decide(sample));
    const least = all.reduce((one: SizeAdvice, other) => (other.size < one.size ? other : one));
    return { ...least, next: smallestOf(all.map(({ next }) => next)) };
  };
}
