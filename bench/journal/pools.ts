/** W1, no-ops through `map`, with a journal on the disk and without. */
import { medianMicros, perTask } from '../measure.ts';
import { count, ours, peer, type Scale, type Section } from '../model.ts';
import { mapDropped } from '../ours.ts';
import { noop } from '../workloads/w1-noop.ts';
import { makeEvents } from './events.ts';
import { newPath } from './folders.ts';
import { hasRedis, openInRedis } from './redis.ts';
import { stores } from './stores.ts';

export const NO_JOURNAL = 'no journal on the disk';
/** The cost for all events of a task. */
export const EVENTS_AS_JSON = 'JSON.stringify of the same events';

export function poolSection({ quick }: Scale): Section {
  const tasks = quick ? 20_000 : 100_000;
  return {
    id: 'W1',
    title: `${count(tasks)} async no-ops, results dropped, with a journal at durability os`,
    unit: 'µs per task',
    contenders: [
      ours(
        NO_JOURNAL,
        perTask(tasks, (items) => mapDropped(noop, items)),
      ),
      ...stores.map(({ name, open }) =>
        ours(
          name,
          perTask(tasks, async (items) => {
            const journal = await open(newPath());
            await mapDropped(noop, items, { journal });
            await journal.close();
          }),
        ),
      ),
      ...(hasRedis
        ? [
            ours(
              'RedisStore',
              perTask(tasks, async (items) => {
                const journal = await openInRedis();
                await mapDropped(noop, items, { journal });
                await journal.close();
              }),
            ),
          ]
        : []),
      peer(EVENTS_AS_JSON, async () => {
        const events = makeEvents(tasks * 3);
        let length = 0;
        const micros = await medianMicros(async () => () => {
          for (const event of events) length += JSON.stringify(event).length;
        });
        if (length === 0) throw new Error('Expected JSON, got none.');
        return micros / tasks;
      }),
    ],
  };
}
