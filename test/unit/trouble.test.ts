/** What a cluster logs about a Redis that does not answer. */

import { expect, test } from 'vitest';
import { Trouble } from '../../src/cluster/trouble.ts';

test('a connection that is refused before the first answer is logged at once, later ones only if they last', () => {
  const said: string[] = [];
  const trouble = new Trouble('early', { warn: (text) => void said.push(text) });
  trouble.where = 'here';
  trouble.away('refused');
  trouble.away('refused');
  expect(said).toEqual(['cluster early: Redis here cannot be reached: refused']);
  trouble.over();
  trouble.away('refused');
  expect(said.slice(1)).toEqual(['cluster early: Redis here answers again']);
});

test('each outage that was logged is followed by its end, also one while a worker starts', async () => {
  const said: string[] = [];
  const trouble = new Trouble('early', { warn: (text) => void said.push(text) });
  trouble.where = 'here';
  trouble.away('refused', 6000);
  expect(await trouble.during(Promise.resolve(1))).toBe(1);
  expect(said).toEqual([
    'cluster early: Redis here has not answered for 6 s: refused',
    'cluster early: Redis here answers again',
  ]);
  expect(trouble.awayText).toBeUndefined();
  await expect(trouble.during(Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(said).toHaveLength(2);
});
