import type { EventType } from 'xstate-taskpool';
import { type Reaction, Subscription } from '../subscription.ts';
import type { World } from '../world.ts';
import { Step } from './step.ts';

export class Subscribe extends Step {
  readonly #type: EventType | '*';
  readonly #reaction: Reaction;

  constructor(type: EventType | '*', reaction: Reaction) {
    super();
    this.#type = type;
    this.#reaction = reaction;
  }

  act(world: World): void {
    world.subscriptions.push(new Subscription(world, this.#type, this.#reaction));
  }

  toString(): string {
    return `on(${this.#type}: ${this.#reaction})`;
  }
}
