import { cancelTasks } from '../operations.ts';
import type { World } from '../world.ts';
import { pickFrom, Step } from './step.ts';

/** `cancel(...ids)` or `cancel(ids, reason)`: of live tasks, and sometimes of any id. */
export class Cancel extends Step {
  readonly #picks: readonly number[];
  readonly #ofAll: boolean;
  readonly #form: 'list' | 'spread';
  readonly #reason: unknown;

  constructor(picks: readonly number[], ofAll: boolean, form: 'list' | 'spread', reason: unknown) {
    super();
    this.#picks = picks;
    this.#ofAll = ofAll;
    this.#form = form;
    this.#reason = reason;
  }

  act(world: World): void {
    const { oracle } = world;
    const live = oracle
      .in('queued', 'running', 'cancelling', 'timedOut', 'delayed')
      .map(({ id }) => id);
    // One more than exist: an unknown id.
    const all = Array.from({ length: oracle.tasks.length + 1 }, (_, id) => id);
    const ids = this.#picks.flatMap((pick) => pickFrom(this.#ofAll ? all : live, pick) ?? []);
    cancelTasks(world, ids, this.#reason, this.#form);
  }

  toString(): string {
    const what = `${this.#ofAll ? 'tasks' : 'live tasks'} #${this.#picks.join(', #')}`;
    return `cancel(${what}${this.#form === 'list' ? `; ${JSON.stringify(this.#reason)}` : ''})`;
  }
}
