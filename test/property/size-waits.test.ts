/** Waits until few are pending, against a list that is searched each time. */

import fc from 'fast-check';
import { expect } from 'vitest';
import { Conditions } from '../../src/pool/waits/conditions.ts';
import { SizeWaits } from '../../src/pool/waits/size-waits.ts';
import { turn } from '../support/pools.ts';
import { property } from '../support/property.ts';
import { runs } from '../support/runs.ts';

type State = 'waits' | 'resolved' | 'aborted';

interface Wait {
  readonly n: number;
  readonly controller: AbortController;
  expected: State;
  state: State;
}

const step = fc.oneof(
  fc.record({ do: fc.constant('wait' as const), n: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ do: fc.constant('count' as const), n: fc.nat(5) }),
  fc.record({ do: fc.constant('abort' as const), n: fc.nat(20) }),
);

property([fc.array(step, { maxLength: 15, size: 'max' }), fc.boolean()], runs(300))(
  'each resolves at its own number, unless its signal was faster, and none is looked at without waiters',
  async (steps, isAtWork) => {
    const conditions = new Conditions();
    const waits: Wait[] = [];
    let numPending = 3;
    let looks = 0;
    const sizes = new SizeWaits(conditions, () => {
      looks++;
      return numPending;
    });
    const notify = () => (isAtWork ? conditions.notifyRunning() : conditions.notify());
    for (const { do: what, n } of steps) {
      if (what === 'count') {
        numPending = n;
        for (const wait of waits) {
          if (wait.expected === 'waits' && n < wait.n) wait.expected = 'resolved';
        }
        notify();
      } else if (what === 'wait') {
        const expected: State = numPending < n ? 'resolved' : 'waits';
        const wait: Wait = { n, controller: new AbortController(), expected, state: 'waits' };
        waits.push(wait);
        sizes.untilBelow(n, wait.controller.signal).then(
          () => {
            wait.state = 'resolved';
          },
          () => {
            wait.state = 'aborted';
          },
        );
      } else {
        const wait = waits[n % waits.length];
        if (wait?.expected === 'waits') wait.expected = 'aborted';
        wait?.controller.abort();
      }
      await turn();
      expect(waits.map(({ state }) => state)).toEqual(waits.map(({ expected }) => expected));
      looks = 0;
      notify();
      expect(looks > 0).toBe(waits.some(({ state }) => state === 'waits'));
    }
  },
);
