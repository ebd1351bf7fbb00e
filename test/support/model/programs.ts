/** Random programs: all operations on a pool, in any order. */

import fc from 'fast-check';
import { type BasePool, EVENT_TYPES, type SimpleTaskPool, type TaskPool } from 'xstate-taskpool';
import { Abort } from './commands/abort.ts';
import { Apply } from './commands/apply.ts';
import { Ask } from './commands/ask.ts';
import { AtOnce } from './commands/at-once.ts';
import { Cancel } from './commands/cancel.ts';
import { CancelAll } from './commands/cancel-all.ts';
import { CancelGroup } from './commands/cancel-group.ts';
import { Flush } from './commands/flush.ts';
import { Gather } from './commands/gather.ts';
import { Iterate } from './commands/iterate.ts';
import { Leave } from './commands/leave.ts';
import { LimitGroup } from './commands/limit-group.ts';
import { Lock } from './commands/lock.ts';
import { Look } from './commands/look.ts';
import { MapItems } from './commands/map.ts';
import { Misuse } from './commands/misuse.ts';
import { OpenGate } from './commands/open-gate.ts';
import { Pass } from './commands/pass.ts';
import { Pause } from './commands/pause.ts';
import { PausePool } from './commands/pause-pool.ts';
import { Resize } from './commands/resize.ts';
import { SendToPool } from './commands/send-to-pool.ts';
import { SendToTask } from './commands/send-to-task.ts';
import { Snapshot } from './commands/snapshot.ts';
import { Start } from './commands/start.ts';
import type { Step } from './commands/step.ts';
import { Stop } from './commands/stop.ts';
import { StopGroup } from './commands/stop-group.ts';
import { Subscribe } from './commands/subscribe.ts';
import { Unlock } from './commands/unlock.ts';
import { Unsubscribe } from './commands/unsubscribe.ts';
import { WaitFor } from './commands/wait.ts';
import { groupScript, limit, meddling, reason, seeing, source } from './scripts.ts';
import type { Reaction } from './subscription.ts';
import type { World } from './world.ts';

type Steps<P extends BasePool> = fc.Arbitrary<Step<P>>;
type Weighted<P extends BasePool> = readonly [weight: number, steps: Steps<P>];

const pick = fc.nat(7);

/** The operations on both kinds of pools. */
const common: readonly Weighted<BasePool>[] = [
  [30, fc.array(pick, { minLength: 1, maxLength: 3 }).map((picks) => new OpenGate(picks))],
  [8, fc.constantFrom(0, 1, 2, 3, Number.POSITIVE_INFINITY).map((size) => new Resize(size))],
  [5, fc.tuple(pick, limit(1)).map((args) => new LimitGroup(...args))],
  [8, fc.tuple(pick, fc.boolean()).map((args) => new Pause(...args))],
  [
    10,
    fc
      .tuple(
        fc.array(pick, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(false, false, true),
        fc.constantFrom<'list' | 'spread'>('list', 'spread'),
        reason,
      )
      .map((args) => new Cancel(...args)),
  ],
  [
    6,
    fc
      .tuple(
        pick,
        fc.constantFrom<'handle' | 'object' | 'name'>('handle', 'object', 'name'),
        reason,
      )
      .map((args) => new CancelGroup(...args)),
  ],
  [2, reason.map((each) => new CancelAll(each))],
  [3, fc.tuple(fc.constantFrom(0, 1), reason).map((args) => new Abort(...args))],
  [8, fc.tuple(pick, fc.constantFrom('results', 'settled')).map((args) => new Ask(...args))],
  [12, fc.tuple(pick, fc.constantFrom(false, false, true)).map((args) => new Iterate(...args))],
  [5, pick.map((each) => new Leave(each))],
  [6, fc.boolean().map((returns) => new Flush(returns))],
  [4, fc.nat(40).map((each) => new Look(each))],
  [3, fc.constant(new Snapshot())],
  [
    5,
    fc
      .tuple(
        fc.constantFrom<'idle' | 'closed' | 'size' | 'group'>('idle', 'closed', 'size', 'group'),
        fc.nat(3),
      )
      .map((args) => new WaitFor(...args)),
  ],
  [14, fc.integer({ min: 1, max: 8 }).map((ms) => new Pass(ms))],
  [2, fc.nat(30).map((each) => new Misuse(each))],
  [4, fc.boolean().map((resumes) => new PausePool(resumes))],
  [3, pick.map((each) => new StopGroup(each))],
  [2, fc.constant(new Lock())],
  [3, fc.constant(new Unlock())],
];

/** Subscribers, some of which meddle. */
const subscribing: readonly Weighted<BasePool>[] = [
  [
    12,
    fc
      .tuple(
        fc.oneof(fc.constant('*' as const), fc.constantFrom(...EVENT_TYPES)),
        fc.oneof(fc.constantFrom<Reaction>('listen', 'throw'), meddling),
      )
      .map((args) => new Subscribe(...args)),
  ],
  [1, pick.map((each) => new Unsubscribe(each))],
];

/** Events that are sent to actors. */
const sending: readonly Weighted<BasePool>[] = [
  [
    3,
    fc
      .tuple(
        pick,
        fc.constantFrom(
          'task.cancelling',
          'task.cancelled',
          'task.progressed',
          'task.requeued',
          'task.started',
          'task.ended',
        ),
      )
      .map((args) => new SendToTask(...args)),
  ],
  [
    2,
    fc
      .tuple(
        fc.constantFrom(
          'pool.resized',
          'pool.locked',
          'pool.unlocked',
          'pool.paused',
          'pool.resumed',
          'pool.flushed',
          'pool.closed',
        ),
        fc.nat(3),
      )
      .map((args) => new SendToPool(...args)),
  ],
];

/** After these no new work is accepted, so they are rare. */
const closing: readonly Weighted<BasePool>[] = [
  [
    2,
    fc
      .tuple(fc.boolean(), fc.constantFrom<'none' | 'live' | 'aborted'>('none', 'live', 'aborted'))
      .map((args) => new Gather(...args)),
  ],
  [
    1,
    fc
      .tuple(fc.constantFrom<'pool' | 'gather'>('pool', 'gather'), reason)
      .map((args) => new Abort(...args)),
  ],
  [1, fc.constant(new SendToPool('pool.closing', 0))],
];

const ofTaskPool: readonly Weighted<TaskPool>[] = [
  [20, fc.tuple(groupScript.map(seeing), fc.nat(4)).map((args) => new Apply(...args))],
  [
    30,
    fc
      .tuple(
        fc.constantFrom<'map' | 'starmap' | 'doublestarmap'>('map', 'starmap', 'doublestarmap'),
        groupScript,
        source,
        fc.option(limit(1), { nil: undefined }),
      )
      .map((args) => new MapItems(...args)),
  ],
];

const ofSimplePool: readonly Weighted<SimpleTaskPool>[] = [
  [24, fc.nat(4).map((num) => new Start(num))],
  [8, fc.nat(3).map((num) => new Stop(num))],
  [3, fc.constant(new Stop(undefined))],
];

function oneOf<P extends BasePool>(steps: readonly Weighted<P>[]): Steps<P> {
  return fc.oneof(...steps.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

/** Sometimes several steps are concurrent. */
function commandsFor<P extends BasePool>(steps: readonly Weighted<P>[], maxCommands: number) {
  const step = oneOf(steps);
  const several = fc
    .array(fc.tuple(step, fc.nat(6)), { minLength: 2, maxLength: 4 })
    .map((parts) => new AtOnce<P>(parts));
  const program = oneOf<P>([
    [6, step],
    [1, several],
  ]);
  return fc.commands<World, P, false>([program], { maxCommands, size: 'max' });
}

const interactive = [...subscribing, ...sending];

export const taskPoolPrograms = (maxCommands: number) =>
  commandsFor<TaskPool>([...ofTaskPool, ...common, ...interactive, ...closing], maxCommands);

export const simplePoolPrograms = (maxCommands: number) =>
  commandsFor<SimpleTaskPool>(
    [...ofSimplePool, ...common, ...interactive, ...closing],
    maxCommands,
  );

/** Programs without subscribers that change something while they are notified. */
export const plainPrograms = (maxCommands: number) =>
  commandsFor<TaskPool>([...ofTaskPool, ...common], maxCommands);
