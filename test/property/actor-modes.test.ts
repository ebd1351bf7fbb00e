/** Whether actors are made at once or when somebody looks: whatever a program does, nothing tells. */

import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import type { AnyActorRef, InspectionEvent } from 'xstate';
import type { BasePool, PoolEvent } from 'xstate-taskpool';
import { finish } from '../support/model/finale.ts';
import { Gates } from '../support/model/gates.ts';
import { simplePoolPrograms, taskPoolPrograms } from '../support/model/programs.ts';
import {
  settings,
  simplePoolWorld,
  simpleScript,
  taskPoolWorld,
} from '../support/model/settings.ts';
import type { World } from '../support/model/world.ts';
import type { ActorMode } from '../support/pools.ts';
import { runs } from '../support/runs.ts';

/** What differs from run to run, whatever the mode. */
const withoutTimes = (key: string, value: unknown) =>
  /^(at|queuedAt|startedAt|endedAt|placedAt|sessionId|stack|uid)$/.test(key) ? undefined : value;

const plain = (value: unknown) => JSON.stringify(value, withoutTimes);

/** All that can be seen of a program from outside. */
class Sight {
  readonly inspected: string[] = [];
  readonly snapshots: string[] = [];

  /** Inspects the system from the event on that has this `seq`: what an actor does, and which does. */
  watch(pool: BasePool, inspectedFrom: number): void {
    pool.on('*', ({ seq }: PoolEvent) => {
      this.snapshots.push(plain(pool.snapshot()));
      if (seq !== inspectedFrom) return;
      pool.actor.system.inspect((event) => void this.inspected.push(lineOf(event)));
    });
  }

  of(world: World) {
    return {
      journal: [...world.pool.journal].map(plain),
      snapshots: this.snapshots,
      inspected: this.inspected,
      trace: world.trace,
      actors: [...world.actors.values()].map(({ seen, since, actor }) =>
        plain([since, seen, actor.getSnapshot()]),
      ),
    };
  }
}

function lineOf(event: InspectionEvent): string {
  const { type, actorRef } = event;
  const about = { ...event, type: undefined, actorRef: undefined, rootId: undefined };
  const source =
    'sourceRef' in event ? (event.sourceRef as AnyActorRef | undefined)?.id : undefined;
  return `${type} ${(actorRef as AnyActorRef).id} ${source} ${plain({ ...about, sourceRef: undefined })}`;
}

/** Runs a program in a world of its own, with all the checks that the model makes. */
async function run<P extends BasePool>(
  world: (gates: Gates) => { model: World; real: P },
  program: Iterable<fc.AsyncCommand<World, P>>,
  inspectedFrom: number,
) {
  const gates = new Gates();
  const sight = new Sight();
  const { model, real } = world(gates);
  sight.watch(real, inspectedFrom);
  await fc.asyncModelRun(() => ({ model, real }), program);
  await finish(model, async () => gates.openAll());
  return sight.of(model);
}

/** When somebody begins to inspect: some time, or never. */
const inspectedFrom = fc.oneof(fc.nat(40), fc.constant(-1));
const MODES: readonly ActorMode[] = ['lazy', 'eager'];

// A pool leaves the event loop a turn after so much time: where no time passes, two runs are the same.
beforeEach(() => void vi.spyOn(performance, 'now').mockReturnValue(0));

test('a program of a task pool is the same in either mode', async () => {
  await fc.assert(
    fc.asyncProperty(
      settings,
      taskPoolPrograms(30),
      inspectedFrom,
      async (given, program, from) => {
        const [lazy, eager] = await each(MODES, (actors) =>
          run((gates) => taskPoolWorld({ ...given, actors }, gates), program, from),
        );
        expect(lazy).toEqual(eager);
      },
    ),
    runs(120),
  );
});

test('a program of a simple task pool is the same in either mode', async () => {
  await fc.assert(
    fc.asyncProperty(
      settings,
      simpleScript,
      simplePoolPrograms(30),
      inspectedFrom,
      async (given, script, program, from) => {
        const [lazy, eager] = await each(MODES, (actors) =>
          run((gates) => simplePoolWorld({ ...given, actors }, script, gates), program, from),
        );
        expect(lazy).toEqual(eager);
      },
    ),
    runs(60),
  );
});

/** One after the other: what is compared must not wait for the other. */
async function each<T, R>(items: readonly T[], call: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await call(item));
  return results;
}
