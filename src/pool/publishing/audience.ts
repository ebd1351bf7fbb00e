/** The subscribers to one type of events, or to all of them: one mitt handler. */

import type mitt from 'mitt';
import type { EventType, PoolEvent } from '../../events/events.ts';
import type { EventHandler } from '../options/pool-options.ts';

export type Emitter = mitt.Emitter<Record<EventType, PoolEvent>>;

/** mitt searches a list to remove a handler. With a set, unsubscribing takes constant time. */
export class Audience {
  readonly #emitter: Emitter;
  readonly #channel: EventType | '*';
  readonly #handlers = new Set<EventHandler>();
  /** The same as a list; undefined after a change. */
  #list: readonly EventHandler[] | undefined = undefined;

  constructor(emitter: Emitter, channel: EventType | '*') {
    this.#emitter = emitter;
    this.#channel = channel;
  }

  get isEmpty(): boolean {
    return this.#handlers.size === 0;
  }

  add(handler: EventHandler): void {
    if (this.isEmpty) this.#listen('on');
    this.#handlers.add(handler);
    this.#list = undefined;
  }

  delete(handler: EventHandler): void {
    if (!this.#handlers.delete(handler)) return;
    this.#list = undefined;
    if (this.isEmpty) this.#listen('off');
  }

  #listen(method: 'on' | 'off'): void {
    if (this.#channel === '*') this.#emitter[method]('*', this.#notifyOfAny);
    else if (method === 'on') this.#emitter.on(this.#channel, this.#notify);
    else this.#emitter.off(this.#channel, this.#notify);
  }

  readonly #notifyOfAny = (_type: EventType, event: PoolEvent): void => this.#notify(event);

  /** A handler that subscribes in the meantime first receives the next event. */
  readonly #notify = (event: PoolEvent): void => {
    this.#list ??= [...this.#handlers];
    for (const handler of this.#list) handler(event);
  };
}
