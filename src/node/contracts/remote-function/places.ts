/** Cases for where calls run, and for calls that cannot run. */

import { type AnyFunction, REMOTE } from '../../../index.ts';
import { equal, errorOf, has, ok } from '../expecting.ts';
import { type Functions, type Parts, withPool } from './kind.ts';

export function addPlaces({ contract, functions, way, mayExit, open }: Parts): void {
  if (way === 'same') return;
  contract.about('where it runs');

  contract.add('is said by the task, and by the function that it runs elsewhere', () =>
    withPool(async (pool) => {
      const { join } = functions();
      equal(join.name, 'join');
      has(Reflect.get(join, REMOTE), { functionName: 'join' });
      await pool.starmap(join, [['a', 'b']]).results();
      const { placedBy } = pool.task(0);
      ok(typeof placedBy === 'string' && placedBy !== '');
      const [placed] = pool.journal.events().filter(({ type }) => type === 'task.placed');
      has(placed, { id: 0, by: placedBy });
    }),
  );

  for (const name of ['jion', 'notAFunction', 'toString', 'constructor']) {
    contract.add(`has no ${name}`, () =>
      withPool(async (pool) => {
        const group = pool.apply(Reflect.get(functions(), name) as AnyFunction);
        const { code, message } = await errorOf(group.results());
        equal(code, 'NoSuchRemoteFunction');
        ok(message.includes(name) && /\bjoin\b/.test(message));
      }),
    );
  }

  if (mayExit === true) {
    contract.add('may die, which is a failed attempt', () =>
      withPool(async (pool) => {
        const group = pool.apply(functions().exit, [], { retry: { limit: 1, delay: 0 } });
        has(await errorOf(group.results()), { code: 'WorkerLost' });
        equal(pool.task(0).attempt, 2);
        equal(await pool.map(functions().echo, ['next']).results(), ['next']);
      }),
    );
  }

  if (open === undefined) return;
  contract.add('is no promise, and refuses calls once it is closed', async () => {
    const other = await open();
    const { echo } = other as unknown as Functions;
    equal(await (async () => other)(), other);
    equal(await echo(1), 1);
    await other.close();
    has(await errorOf(echo(2)), { code: 'PoolIsClosed' });
    await other.close();
  });
}
