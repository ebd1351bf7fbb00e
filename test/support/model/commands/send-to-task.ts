import { noteCancel } from '../operations.ts';
import type { World } from '../world.ts';
import { pickFrom, Step } from './step.ts';

type TaskRequest =
  | 'task.cancelling'
  | 'task.cancelled'
  | 'task.progressed'
  | 'task.requeued'
  | 'task.started'
  | 'task.ended';

/** Sends an event to the actor of a task: granted if the pool can cause it, otherwise refused. */
export class SendToTask extends Step {
  readonly #pick: number;
  readonly #type: TaskRequest;

  constructor(pick: number, type: TaskRequest) {
    super();
    this.#pick = pick;
    this.#type = type;
  }

  override check(world: Readonly<World>): boolean {
    return world.oracle.tasks.some(({ isRemembered }) => isRemembered);
  }

  act(world: World): void {
    const remembered = world.oracle.tasks.filter(({ isRemembered }) => isRemembered);
    const task = pickFrom(remembered, this.#pick);
    if (task === undefined) return;
    world.look(task);
    const { actor } = world.actors.get(task) ?? {};
    if (actor?.getSnapshot().status !== 'active') return;
    const { state, id } = task;
    const type = this.#type;
    const isGranted =
      (type === 'task.cancelling' && (state === 'running' || state === 'timedOut')) ||
      (type === 'task.cancelled' && (state === 'queued' || state === 'delayed')) ||
      (type === 'task.requeued' && state === 'delayed') ||
      (type === 'task.progressed' && ['running', 'cancelling', 'timedOut'].includes(state));
    const isCancel = type !== 'task.progressed' && type !== 'task.requeued';
    const reason = type === 'task.cancelling' ? 'sent' : undefined;
    if (isGranted && isCancel) noteCancel(world, task, reason);
    const { seq } = world.oracle;
    const event = { type, id, reason: 'sent', progress: 'sent', outcome: 'fulfilled' } as const;
    world.call(`send ${type} to task ${id}`, [undefined], () => actor.send(event));
    if (world.oracle.seq > seq !== isGranted) {
      world.report(`${type} sent to a task that is ${state}: granted ${!isGranted}`);
    }
  }

  toString(): string {
    return `send(${this.#type} to #${this.#pick})`;
  }
}
