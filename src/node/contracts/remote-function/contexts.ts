/** Cases for the context of a function. */

import { MemoryStore } from '../../../index.ts';
import { equal, ok, until } from '../expecting.ts';
import { begun, type Parts, withPool } from './kind.ts';

export function addContexts({ contract, functions }: Parts): void {
  contract.about('the context');

  contract.add('has ids and names, reports, logs, and waits for the store', async () => {
    const lines: unknown[][] = [];
    const logger = { info: (...line: unknown[]) => void lines.push(line), error() {} };
    await withPool(
      async (pool) => {
        const { uid } = pool.journal.events()[0] as { uid?: string };
        const group = pool.map(functions().tell, ['x', 'y'], { groupName: 'g' });
        const names = { attempt: 1, groupName: 'g', functionName: 'tell', poolName: 'mine' };
        const told = (id: number) => ({
          ...{ id, index: id, ...names, pool: { name: 'mine', uid, epoch: 0 } },
        });
        ok(typeof uid === 'string');
        equal(await group.results(), [told(0), told(1)]);
        equal(pool.task(0).progress, { half: 'x' });
        equal(lines.slice().sort(), [
          ['mine task 0:', 'at', 'x'],
          ['mine task 1:', 'at', 'y'],
        ]);
      },
      { name: 'mine', logger, journal: new MemoryStore() },
    );
  });

  contract.add('takes whatever is reported and logged, as it is then', async () => {
    const lines: unknown[][] = [];
    const logger = { info: (...line: unknown[]) => void lines.push(line), error() {} };
    await withPool(
      async (pool) => {
        equal(await pool.map(functions().say, ['x']).results(), ['said']);
        await until(() => lines.length > 1);
        equal(pool.task(0).progress, { n: 1 });
        equal(lines[0]?.length, 5);
        ok(String(lines[0]?.[3]).startsWith('RangeError: logged'));
      },
      { logger },
    );
  });

  contract.add('calls back when it is aborted', () =>
    withPool(async (pool) => {
      const group = pool.map(functions().onAbortTwice, ['x']);
      await begun(pool);
      pool.cancel(0);
      equal(await group.results(), [['AbortError', 'AbortError']]);
    }),
  );
}
