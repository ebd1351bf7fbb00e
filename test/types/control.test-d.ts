import { expectTypeOf, test } from 'vitest';
import type {
  EventType,
  GroupSnapshot,
  PoolEvent,
  PoolEventOf,
  TaskSnapshot,
} from 'xstate-taskpool';
import { type ClientMethods, type ControlClient, connect } from 'xstate-taskpool/control';

declare const client: ClientMethods;
declare const remote: ControlClient;

test('properties are read and written', () => {
  expectTypeOf(client.poolSize).parameters.toEqualTypeOf<[size?: number]>();
  expectTypeOf(client.poolSize()).resolves.toBeNumber();
  expectTypeOf(client.isFull).parameters.toEqualTypeOf<[]>();
  expectTypeOf(client.isFull()).resolves.toBeBoolean();
});

test('positional parameters are parameters', () => {
  expectTypeOf(client.cancel).parameters.toEqualTypeOf<(number | string)[]>();
  expectTypeOf(client.cancel(1, 'key')).resolves.toBeVoid();
  expectTypeOf(client.start).parameters.toEqualTypeOf<[number]>();
  expectTypeOf(client.start(2)).resolves.toBeString();
  expectTypeOf(client.stop(2)).resolves.toEqualTypeOf<number[]>();
  expectTypeOf(client.numConcurrent).parameters.toEqualTypeOf<[string, number?]>();
});

test('options are an object at the end', () => {
  expectTypeOf(client.map).parameters.toEqualTypeOf<
    [
      string,
      readonly unknown[],
      options?: {
        readonly numConcurrent?: number | undefined;
        readonly groupName?: string | undefined;
        readonly endCallback?: string | undefined;
        readonly cancelCallback?: string | undefined;
        readonly timeout?: number | undefined;
        readonly deadline?: number | undefined;
        readonly retry?: number | undefined;
      },
    ]
  >();
  void client.apply('worker', { args: ['x', 'y'], num: 3 });
  // @ts-expect-error: there is no such option.
  void client.apply('worker', { nums: 3 });
  expectTypeOf(client.tasks({ state: 'running' })).resolves.toEqualTypeOf<
    readonly TaskSnapshot[]
  >();
  // @ts-expect-error: there is no such state.
  void client.tasks({ state: 'walking' });
  expectTypeOf(client.gatherAndClose)
    .parameter(0)
    .toEqualTypeOf<{ readonly returnExceptions?: boolean | undefined } | undefined>();
});

test('lists and events', () => {
  expectTypeOf(client.groups()).resolves.toEqualTypeOf<readonly GroupSnapshot[]>();
  expectTypeOf<EventType[]>().toExtend<Parameters<typeof client.watch>>();
  expectTypeOf(client.watch({ since: 3, types: ['task.ended'] })).toEqualTypeOf<
    AsyncIterable<PoolEvent>
  >();
  // @ts-expect-error: there is no such event.
  client.watch({ types: ['task.won'] });
  expectTypeOf(client.watch('task.ended')).toEqualTypeOf<AsyncIterable<PoolEvent>>();
});

test('a client', () => {
  expectTypeOf(connect).parameter(0).toExtend<{ readonly token?: string | undefined }>();
  expectTypeOf(connect({ port: 9999 })).resolves.toEqualTypeOf<ControlClient>();
  void connect({ path: '/run/pool.sock', token: 'secret' });
  void connect({ host: 'example.org', port: 9999, tls: { servername: 'pool' } });
  // @ts-expect-error: TLS is for TCP.
  void connect({ path: '/run/pool.sock', tls: true });
  // @ts-expect-error: there is no place.
  void connect({ token: 'secret' });
});

test('the methods of a client are the commands', () => {
  expectTypeOf(remote.poolSize).toEqualTypeOf<ClientMethods['poolSize']>();
  expectTypeOf(remote.poolSize(10)).resolves.toBeNumber();
  expectTypeOf(remote.stop(3)).resolves.toEqualTypeOf<number[]>();
  // @ts-expect-error: `close()` it is.
  void remote.exit();
});

test('events are those asked for', () => {
  type Of<I> = I extends AsyncIterable<infer E> ? E : never;
  const some = remote.watch('task.ended', 'pool.closed');
  expectTypeOf<Of<typeof some>>().toEqualTypeOf<PoolEventOf<'task.ended' | 'pool.closed'>>();
  const all = remote.watch();
  expectTypeOf<Of<typeof all>>().toEqualTypeOf<PoolEvent>();
  // @ts-expect-error: there is no such type.
  void remote.watch('task.lost');
});
