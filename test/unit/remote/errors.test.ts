/** Errors that come from where a function runs, as plain data on their way. */

import { describe, expect, test } from 'vitest';
import { TaskTimedOut, WorkerLost } from 'xstate-taskpool';
import { classesOf, packError, unpackError } from '../../../src/remote/errors.ts';

/** There, and back by way of what is the same to structured clone and JSON. */
function travelled(error: unknown, classes = classesOf()): unknown {
  const packed = packError(error);
  expect(structuredClone(packed)).toEqual(packed);
  return unpackError(JSON.parse(JSON.stringify(packed)), classes);
}

class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  constructor(status: number, options?: ErrorOptions) {
    super(`status ${status}`, options);
    this.status = status;
  }
}

describe('an error arrives', () => {
  test('with its name, message, stack and own fields', () => {
    const error = Object.assign(new HttpError(503), { headers: { retry: [1, 2] }, code: 'EBUSY' });
    const back = travelled(error) as HttpError;
    expect(back).toBeInstanceOf(Error);
    expect(back).toMatchObject({ status: 503, headers: { retry: [1, 2] }, code: 'EBUSY' });
    expect([back.name, back.message, back.stack]).toEqual(['HttpError', 'status 503', error.stack]);
    expect(String(back)).toBe('HttpError: status 503');
  });

  test.each([TypeError, RangeError, SyntaxError, URIError])('of the class %o', (Class) => {
    const back = travelled(new Class('bad')) as Error;
    expect(back).toBeInstanceOf(Class);
    expect(Object.keys(back)).toEqual([]);
  });

  test('of a class of this package, or of one that is known here', () => {
    expect(travelled(new WorkerLost('gone'))).toBeInstanceOf(WorkerLost);
    // One that is not named after its class is found by that all the same.
    class Refused extends Error {}
    const known = classesOf([HttpError, Refused]);
    const error = new HttpError(503, { cause: new AggregateError([new Refused('no')]) });
    const back = travelled(error, known) as HttpError & { cause: AggregateError };
    expect(back).toBeInstanceOf(HttpError);
    expect(back).toMatchObject({ name: 'HttpError', status: 503, message: 'status 503' });
    expect(back.cause).toBeInstanceOf(AggregateError);
    expect(back.cause.errors[0]).toBeInstanceOf(Refused);
    expect(() => classesOf([Map as never])).toThrow(/classes that extend Error/);
    expect(() => classesOf({} as never)).toThrow(/an array of classes/);
  });

  test('as an abort, if it was one', () => {
    const back = travelled(new DOMException('over', 'AbortError')) as DOMException;
    expect(back).toBeInstanceOf(DOMException);
    expect([back.name, back.code, back.message]).toEqual(['AbortError', 20, 'over']);
    expect(travelled(new DOMException('full', 'QuotaExceededError'))).toBeInstanceOf(DOMException);
  });

  test('with its causes, and the errors that it holds', () => {
    const cause = new HttpError(500, { cause: 'a text' });
    const error = new AggregateError([cause, 'text', undefined], 'all failed', { cause });
    const back = travelled(error) as AggregateError & { cause: HttpError };
    expect(back).toBeInstanceOf(AggregateError);
    expect(back.errors).toEqual([expect.objectContaining({ status: 500 }), 'text', undefined]);
    expect(back.cause.cause).toBe('a text');
    expect(Object.keys(back)).toEqual([]);
  });

  test('without what is hostile, or goes in circles', () => {
    const error = Object.assign(new Error('odd'), {
      self: undefined as unknown,
      fn: () => 1,
      big: 1n,
      fine: 1,
    });
    Object.defineProperty(error, 'trap', {
      enumerable: true,
      get() {
        throw new Error('no');
      },
    });
    error.cause = error;
    error.self = error;
    const back = travelled(error) as Error;
    expect(Object.keys(back)).toEqual(['fine']);
    expect(back.cause).toBeUndefined();
    const { proxy, revoke } = Proxy.revocable(new Error('gone'), {});
    revoke();
    expect(() => travelled(proxy)).not.toThrow();
  });

  test.each([['a text'], [{ status: 3 }], [null], [0], [undefined]])(
    'even where it is none: %o',
    (thrown) => {
      expect(travelled(thrown)).toEqual(thrown);
    },
  );

  test('with fields of an error of this package', () => {
    const back = travelled(new TaskTimedOut('late', 'timeout', 5));
    expect(back).toMatchObject({
      name: 'TaskTimedOut',
      code: 'TaskTimedOut',
      which: 'timeout',
      ms: 5,
    });
  });
});
