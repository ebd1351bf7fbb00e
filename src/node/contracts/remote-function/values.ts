/** Cases for arguments and results, and values that cannot be transferred. */

import type { AnyFunction } from '../../../index.ts';
import { equal, errorOf, has } from '../expecting.ts';
import { type Parts, withPool } from './kind.ts';

export function addValues({ contract, functions }: Parts): void {
  contract.about('arguments and results');

  contract.add('come as they went, in the order of the input', async () => {
    const items = [1, 'two', null, true, { three: [3, { deep: '€' }] }, [], ''];
    await withPool(
      async (pool) => {
        equal(await pool.map(functions().echo, items).results(), items);
        const pairs = [
          ['a', 'b'],
          ['c', 'd'],
        ];
        equal(await pool.starmap(functions().join, pairs).results(), ['a b', 'c d']);
      },
      { poolSize: 3 },
    );
  });

  contract.add('may be missing', () =>
    withPool(async (pool) => {
      equal(await pool.apply(functions().nothing).results(), [undefined]);
    }),
  );

  contract.add('need no pool', async () => {
    const { join, count } = functions();
    equal(await join('a', 'b'), 'a b');
    equal(await join('a'), 'a none');
    equal(await count(1, 2, 3), 3);
  });

  contract.add('have the context as the last argument, unless it is not to be passed', () =>
    withPool(async (pool) => {
      const { count } = functions();
      equal(await pool.map(count, ['x']).results(), [2]);
      equal(await pool.map(count, ['x'], { passContext: false }).results(), [1]);
    }),
  );
}

export function addWhatCannotTravel({ contract, functions, way }: Parts): void {
  if (way === 'same') return;
  contract.about('what cannot travel');
  const failure = (fn: AnyFunction, args: unknown[]) =>
    withPool((pool) => errorOf(pool.apply(fn, args as never).results()));

  contract.add('is refused with its path, and the calls after it work', async () => {
    const { echo, secret } = functions();
    const argument = { code: 'CannotTravel', path: 'arguments[0].list[1]' };
    has(await failure(echo, [{ list: [1, () => 1] }]), argument);
    has(await failure(secret, []), { code: 'CannotTravel', path: 'the result.deep[0]' });
    has(await errorOf(echo(Symbol('s'))), { code: 'CannotTravel' });
    equal(await echo('next'), 'next');
  });

  for (const value of [new Date(0), new Map([[1, 2]]), 1n, Number.NaN]) {
    contract.add(`is no ${Object(value).constructor.name} that can be cloned`, () =>
      withPool(async (pool) => {
        const [settled] = await pool.map(functions().echo, [{ value }]).settled();
        if (way === 'clone') has(settled, { status: 'fulfilled', value: { value } });
        else has(settled, { reason: { path: 'arguments[0].value' } });
      }),
    );
  }

  contract.add('of an array are fields that JSON leaves out', () =>
    withPool(async (pool) => {
      const [settled] = await pool.apply(functions().matched).settled();
      if (way === 'clone') equal(settled?.status, 'fulfilled');
      else has(settled, { reason: { code: 'CannotTravel', path: 'the result.index' } });
    }),
  );
}
