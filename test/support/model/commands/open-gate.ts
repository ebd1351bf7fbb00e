import type { World } from '../world.ts';
import { Step } from './step.ts';

/** Lets a waiting function, source or callback continue. */
export class OpenGate extends Step {
  readonly #picks: readonly number[];

  constructor(picks: readonly number[]) {
    super();
    this.#picks = picks;
  }

  override check(world: Readonly<World>): boolean {
    return (world.gates?.labels.length ?? 0) > 0;
  }

  act(world: World): void {
    const opened = this.#picks.map((pick) => world.gates?.open(pick));
    world.note(`  let go on: ${opened.join(', ')}`);
  }

  toString(): string {
    return `letGoOn(#${this.#picks.join(', #')})`;
  }
}
