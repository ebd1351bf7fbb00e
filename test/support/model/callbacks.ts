/** Callbacks that follow their script, and check that they are called as documented. */

import type { TaskFacts } from './facts.ts';
import type { CallbackScript, GroupScript } from './scripts.ts';
import type { World } from './world.ts';

/** The calls of the callbacks of a task, in order. */
export class CallbackLog {
  readonly #calls = new Map<TaskFacts, string[]>();
  /** The callbacks that were called and have not settled. */
  readonly underWay = new Set<string>();

  of(task: TaskFacts): readonly string[] {
    return this.#calls.get(task) ?? [];
  }

  add(task: TaskFacts, call: string): void {
    this.#calls.set(task, [...this.of(task), call]);
  }
}

/** The options that give a group, or a simple pool, the callbacks of a script. */
export function callbackOptions(
  world: World,
  { end, cancel }: Pick<GroupScript, 'end' | 'cancel'>,
): { endCallback?: (id: number) => unknown; cancelCallback?: (id: number) => unknown } {
  return {
    ...(end === 'none' ? {} : { endCallback: (id: number) => call(world, 'end', end, id) }),
    ...(cancel === 'none'
      ? {}
      : { cancelCallback: (id: number) => call(world, 'cancel', cancel, id) }),
  };
}

function call(world: World, kind: 'end' | 'cancel', script: CallbackScript, id: number): unknown {
  const label = `the ${kind} callback of task ${id}`;
  world.enterUserCode(label);
  const task = world.oracle.tasks[id];
  if (task === undefined) {
    world.report(`${label} is called, and there is no such task`);
    return undefined;
  }
  const wanted = kind === 'end' ? 'ended' : 'cancelled';
  if (task.state !== wanted) world.report(`${label} is called when ${task.state}`);
  world.callbacks.add(task, kind);
  if (script === 'return') return undefined;
  if (script === 'throw') throw new Error(`${label} failed`);
  return waitThen(world, label, script);
}

async function waitThen(world: World, label: string, script: CallbackScript): Promise<void> {
  const { pauses, callbacks } = world;
  callbacks.underWay.add(label);
  await pauses.pause(label).opened;
  callbacks.underWay.delete(label);
  if (script === 'late throw') throw new Error(`${label} failed`);
}
