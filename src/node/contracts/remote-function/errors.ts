/** Cases for errors that functions throw. */

import type { AnyFunction } from '../../../index.ts';
import { equal, errorOf, has, match, ok } from '../expecting.ts';
import { type Parts, withPool } from './kind.ts';

export function addErrors({ contract, functions }: Parts): void {
  contract.about('errors');
  const failure = (fn: AnyFunction, args: unknown[] = []) =>
    withPool((pool) => errorOf(pool.apply(fn, args as never).results()));

  contract.add('have class, message, stack, code, cause and fields of their own', async () => {
    const error = await failure(functions().fail, [503]);
    ok(error instanceof TypeError);
    has(error, { message: 'bad', status: 503, code: 'E_BAD', list: [1] });
    match(String(error.stack), /^TypeError: bad\n.*\bfail\b/s);
    ok(error.cause instanceof RangeError);
    has(error.cause, { message: 'the cause', cause: 'its own cause' });
  });

  contract.add('of classes that are not known here keep their names', async () => {
    const error = await failure(functions().failOwn);
    ok(error instanceof Error);
    has(error, { name: 'OutOfStock', message: 'none left' });
    match(String(error.stack), /failOwn/);
  });

  contract.add('of the platform are of its class', async () => {
    const error = await failure(functions().failOfPlatform);
    ok(error instanceof DOMException);
    has(error, { name: 'QuotaExceededError', message: 'full', code: 22 });
  });

  contract.add('that are several come together', async () => {
    const error = await failure(functions().failTwice);
    ok(error instanceof AggregateError);
    const [first, second] = error.errors;
    equal(error.message, 'both');
    ok(first instanceof TypeError);
    has(first, { message: 'one' });
    has(second, { name: 'OutOfStock', message: 'two' });
  });

  contract.add('may be no errors', async () => {
    equal(await failure(functions().failWithText), 'only a text');
    equal(await failure(functions().failWithNothing), undefined);
  });

  contract.add('are thrown without a pool as well', async () => {
    const thrown = Promise.resolve().then(() => functions().fail(404));
    has(await errorOf(thrown), { name: 'TypeError', status: 404 });
  });

  contract.add('are retried as the group says, and attempts count', () =>
    withPool(async (pool) => {
      const group = pool.map(functions().succeedAt, [3], { retry: { limit: 2, delay: 0 } });
      equal(await group.results(), [3]);
      equal(pool.task(0).attempt, 3);
    }),
  );
}
