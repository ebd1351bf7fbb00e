/** Combines several policies. */

import { checkPolicy, type Decide, type SizeAdvice, type SizePolicy } from './policy.ts';

/**
 * A policy that uses the smallest size of several policies, with its reason.
 *
 * @throws TypeError without a policy; NotAFunction for an invalid one.
 */
export function smallest(...policies: readonly SizePolicy[]): SizePolicy {
  if (policies.length === 0) throw new TypeError('expected policies, got none');
  for (const policy of policies) checkPolicy(policy);
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
