/** A group of tasks as the program knows it: its options, and the calls so far. */

import type { TaskContext, TaskGroup } from 'xstate-taskpool';
import type { GroupFacts, TaskFacts } from './facts.ts';
import type { Shape } from './functions.ts';
import { Run } from './run.ts';
import type { Behaviour, GroupScript } from './scripts.ts';
import type { SourceProbe } from './source.ts';
import type { World } from './world.ts';

/** The arguments of `apply` and of a simple pool. */
export const ARGS = ['first', 2] as const;

export class Job {
  readonly world: World;
  readonly number: number;
  readonly script: GroupScript;
  readonly shape: Shape;
  /** Set as soon as the pool has created the group. */
  facts!: GroupFacts;
  handle!: TaskGroup<unknown>;
  source: SourceProbe | undefined = undefined;
  /** In the order of the calls. */
  readonly runs: Run[] = [];
  /** Set when the group was cancelled while it was incomplete: how many tasks had ended, and the reason. */
  cancellation: { readonly reason: unknown; readonly after: number } | undefined = undefined;

  constructor(world: World, number: number, script: GroupScript, shape: Shape) {
    this.world = world;
    this.number = number;
    this.script = script;
    this.shape = shape;
  }

  get label(): string {
    return `group ${this.number} ('${this.facts.name}')`;
  }

  get executing(): Run[] {
    return this.runs.filter(({ result }) => result === undefined);
  }

  /** The last attempt of a task. */
  runOf(task: TaskFacts): Run | undefined {
    return this.runs.findLast((run) => run.task === task);
  }

  /** Whether functions of this group are given a context. */
  get hasContext(): boolean {
    return this.script.passContext && this.script.form !== 'blind';
  }

  /** The item number `index` of the source. */
  item(index: number): unknown {
    const token = { job: this.number, index };
    if (this.shape === 'tuple') return [token, 'second'];
    return this.shape === 'object' ? { token } : token;
  }

  /** The pool calls the function for a task. */
  call(task: TaskFacts, args: unknown[]): unknown {
    const earlier = this.runOf(task);
    if (earlier?.attempt === task.attempt) this.world.report(`task ${task.id} is called twice`);
    if (earlier !== undefined && earlier.result === undefined) {
      this.world.report(`task ${task.id} is called again before it has settled`);
    }
    const context = this.#check(task, args);
    const { behaviours } = this.script;
    const turn = task.index + task.attempt - 1;
    const behaviour = behaviours[turn % behaviours.length] as Behaviour;
    const run = new Run(this, task, behaviour, context);
    this.runs.push(run);
    this.world.checkRoom(this, task);
    return run.perform();
  }

  /** Checks the arguments of the function; returns the context. */
  #check(task: TaskFacts, args: readonly unknown[]): TaskContext | undefined {
    const { world, shape } = this;
    const item = shape === 'args' ? [...ARGS] : this.item(task.index);
    const expected = shape === 'item' || shape === 'object' ? [item] : (item as unknown[]);
    if (JSON.stringify(args.slice(0, expected.length)) !== JSON.stringify(expected)) {
      world.report(`task ${task.id} got ${JSON.stringify(args)}`);
    }
    const [context] = args.slice(expected.length) as [TaskContext?];
    if (!this.hasContext) {
      if (context !== undefined) world.report(`task ${task.id} got a context it should not have`);
      return undefined;
    }
    const { id, index, attempt, groupName, poolName } = context ?? {};
    const said = [id, index, attempt, groupName, poolName].join();
    if (said !== [task.id, task.index, task.attempt, this.facts.name, world.pool.name].join()) {
      world.report(`task ${task.id} got a context that says ${said}`);
    }
    return context;
  }
}
