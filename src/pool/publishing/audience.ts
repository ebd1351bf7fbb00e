/** The subscribers to one type of events: one mitt handler. */

import type mitt from 'mitt';
import type { EventType, PoolEvent } from '../../events/events.ts';
import type { EventHandler } from '../options/pool-options.ts';

export type Emitter = mitt.Emitter<Record<EventType, PoolEvent>>;

/** mitt searches a list to remove a handler. With a set, unsubscribing takes constant time. */
export class Audience {
  readonly #emitter: Emitter;
  readonly #type: EventType;
  readonly #handlers = new Set<EventHandler>();
  /** The same as a list; undefined after a change. */
  #list: readonly EventHandler[] | undefined = undefined;

  constructor(emitter: Emitter, type: EventType) {
    this.#emitter = emitter;
    this.#type = type;
  }

  /** Adds a handler; returns whether it is the first. */
  add(handler: EventHandler): boolean {
    const isFirst = this.#handlers.size === 0;
    if (isFirst) this.#emitter.on(this.#type, this.#notify);
    this.#handlers.add(handler);
    this.#list = undefined;
    return isFirst;
  }

  /** Removes a handler; returns whether it was the last. */
  delete(handler: EventHandler): boolean {
    this.#handlers.delete(handler);
    this.#list = undefined;
    const wasLast = this.#handlers.size === 0;
    if (wasLast) this.#emitter.off(this.#type, this.#notify);
    return wasLast;
  }

  /** A handler that subscribes in the meantime first receives the next event. */
  readonly #notify = (event: PoolEvent): void => {
    this.#list ??= [...this.#handlers];
    for (const handler of this.#list) handler(event);
  };
}
