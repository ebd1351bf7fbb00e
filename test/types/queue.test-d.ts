import type { QueueOptions, WaitOptions } from 'xstate-taskpool';
import { type Lease, Queue } from 'xstate-taskpool';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only if the type argument is `true`. */
function check<_ extends true>(): void {}

const queue = new Queue<string>({ maxsize: 3 });
const { signal } = new AbortController();

check<Equal<ReturnType<typeof queue.get>, Promise<string>>>();
check<Equal<ReturnType<typeof queue.getNowait>, string>>();
check<Equal<ReturnType<typeof queue.put>, Promise<void>>>();
check<Equal<ReturnType<typeof queue.putNowait>, void>>();
check<Equal<ReturnType<typeof queue.join>, Promise<void>>>();
check<Equal<ReturnType<typeof queue.lease>, Promise<Lease<string>>>>();
check<Equal<ReturnType<typeof queue.items>, AsyncGenerator<string, void, void>>>();
check<Equal<Parameters<typeof queue.put>, [item: string, options?: WaitOptions | undefined]>>();
check<Equal<Parameters<typeof queue.get>, [options?: WaitOptions | undefined]>>();
check<Equal<ConstructorParameters<typeof Queue>, [options?: QueueOptions | undefined]>>();

// The context of a task function is an options bag as it stands.
declare const context: { signal: AbortSignal; id: number; groupName: string };
void queue.get(context);
void queue.put('item', context);
void queue.lease(context);
void queue.items(context);
void queue.join(context);

// An option that is undefined counts as not given, under exactOptionalPropertyTypes too.
void queue.get({ signal: undefined });
new Queue<number>({ maxsize: undefined });

export async function worker(): Promise<void> {
  await using lease = await queue.lease({ signal });
  using other = await queue.lease();
  check<Equal<typeof lease.item, string>>();
  check<Equal<typeof other, Lease<string>>>();
  for await (const item of queue.items({ signal })) check<Equal<typeof item, string>>();

  // @ts-expect-error an item on loan stays what it is
  lease.item = 'other';
}

// @ts-expect-error items are strings
void queue.put(1);
// @ts-expect-error items are strings
queue.putNowait(undefined);
// @ts-expect-error an item must be given
void queue.put();
// @ts-expect-error a signal goes into an options bag
void queue.get(signal);
// @ts-expect-error waiting has no time limit of its own; use AbortSignal.timeout()
void queue.get({ timeout: 100 });
// @ts-expect-error maxsize is a number
new Queue({ maxsize: '3' });
// @ts-expect-error maxsize goes into an options bag
new Queue(3);
// @ts-expect-error the bound is fixed
queue.maxsize = 4;
// @ts-expect-error the size is read only
queue.size = 0;
