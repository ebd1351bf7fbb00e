/** What was queued when a process died: whether it may have been running already, unseen by the journal. */

import { expect, test } from 'vitest';
import type { EventFields, PoolEvent } from 'xstate-taskpool';
import { resume, storeWith } from '../../support/lives.ts';
import { event } from '../../support/sample-events.ts';

type Keys = NonNullable<EventFields['task.queued']['keys']>;

/** The journal of a pool with a group of two tasks, of which the first runs; it died at 1010. */
function journalOf(death: Death): PoolEvent[] {
  const { pool = {}, most = 9, running = {}, queued = {}, pause = [], isPaused = false } = death;
  const limits = {
    host: { concurrent: 1, rate: null },
    api: { concurrent: null, rate: { max: 1, per: 5 } },
  };
  const group = { group: 'g', method: 'map', functionName: 'work', items: 'queued' } as const;
  const created = { kind: 'TaskPool', poolSize: null, retain: 'all', uid: 'u', limits } as const;
  const steps: PoolEvent[] = [
    event(0, 'pool.created', { ...created, ...pool }),
    event(1, 'group.created', { ...group, numConcurrent: most, planned: 2 }),
    event(2, 'task.queued', { id: 0, group: 'g', index: 0, item: 0, keys: running }),
    event(3, 'task.started', { id: 0 }),
    event(4, 'task.queued', { id: 1, group: 'g', index: 1, item: 1, keys: queued }),
    ...pause.map((until, n) => event(5 + n, 'limit.paused', { limit: 'host', key: 'p', until })),
    isPaused
      ? event(5, 'group.paused', { group: 'g' })
      : event(5 + pause.length, 'pool.locked', {}),
  ];
  return steps.map((each, seq) => ({ ...each, at: seq === steps.length - 1 ? 1010 : each.at }));
}

interface Death {
  readonly pool?: Partial<EventFields['pool.created']>;
  /** How many tasks of the group may run at once. */
  readonly most?: number;
  readonly running?: Keys;
  readonly queued?: Keys;
  readonly pause?: readonly number[];
  /** Whether the group was paused. */
  readonly isPaused?: boolean;
}

const perSecond = { host: { concurrent: null, rate: { max: 1, per: 1_000 } } };
const endedJustThen = { host: { concurrent: null, rate: { max: 1, per: 7 } } };
const noRate = { host: { concurrent: 2, rate: null } };

test.for<[what: string, death: Death, mayHaveRun: boolean]>([
  ['nothing held it back', {}, true],
  ['its key was free', { running: { host: 'a' }, queued: { host: 'b' } }, true],
  ['its key was taken', { running: { host: 'a' }, queued: { host: 'a' } }, false],
  [
    'one of its keys was taken',
    { running: { host: 'a' }, queued: { api: true, host: 'a' } },
    false,
  ],
  [
    'its key had room for one more',
    { pool: { limits: noRate }, running: { host: 'a' }, queued: { host: 'a' } },
    true,
  ],
  ['its key had a start too many', { pool: { limits: perSecond }, ...both('a') }, false],
  [
    'its window was over in the same moment',
    { pool: { limits: endedJustThen }, ...both('a') },
    true,
  ],
  ['its window was over before', { running: { api: true }, queued: { api: true } }, true],
  ['its key was paused', { queued: { host: 'p' }, pause: [1011] }, false],
  ['the pause of its key was over', { queued: { host: 'p' }, pause: [1010] }, true],
  ['its limit is unknown', { queued: { gone: 'a' } }, true],
  ['every slot was taken', { pool: { poolSize: 1 } }, false],
  ['its group had as many running as it may', { most: 1 }, false],
  ['its group was paused', { isPaused: true }, false],
])('%s', async ([, death, mayHaveRun]) => {
  const pool = await resume(await storeWith(journalOf(death)), { functions: { work: () => 1 } });
  const interrupted = [...pool.journal].filter(({ type }) => type === 'task.interrupted');
  expect(interrupted).toMatchObject([{ id: 0 }, { id: 1 }]);
  expect(interrupted.map((each) => 'unstarted' in each)).toEqual([false, !mayHaveRun]);
  pool.group('g').resume();
  await pool.gatherAndClose();
});

function both(host: string): Pick<Death, 'running' | 'queued'> {
  return { running: { host }, queued: { host } };
}
