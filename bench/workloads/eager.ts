/** `eager`: W1 with a live xstate actor for every task, as an inspector of the actor system requires. */
import { perTask } from '../measure.ts';
import { count, ours, peer, type Scale, type Section } from '../model.ts';
import { mapDropped } from '../ours.ts';
import { pLimitPeer } from '../peers.ts';
import { noop } from './w1-noop.ts';

export function eagerSections({ quick }: Scale): Section[] {
  const tasks = quick ? 20_000 : 100_000;
  return [
    {
      id: 'eager',
      title: `${count(tasks)} async no-ops, every actor materialised, results dropped`,
      unit: 'µs per task',
      compared: true,
      contenders: [
        ours(
          "actors: 'eager'",
          perTask(tasks, (items) => mapDropped(noop, items, { actors: 'eager' })),
        ),
        ours(
          'inspect',
          perTask(tasks, (items) => mapDropped(noop, items, { inspect: () => {} })),
        ),
        peer(
          pLimitPeer.name,
          perTask(tasks, (items) => pLimitPeer.dropped(noop, items)),
        ),
      ],
    },
  ];
}
