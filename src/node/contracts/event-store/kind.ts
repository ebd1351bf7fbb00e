/** What the contract has to know of a kind of store. */

import type { EventStore } from '../../../index.ts';
import type { Contract } from '../contract.ts';
import { eventsInARow } from './samples.ts';

/** A kind of store, and what it can do besides. What is left out is not tested. */
export interface StoreKind {
  /** Opens a new store without events. Asked in each case, which closes what it was given. */
  readonly make: () => EventStore | Promise<EventStore>;
  /** Opens one that lets the oldest events go when it holds more than so many. */
  readonly makeBounded?: (size: number) => EventStore | Promise<EventStore>;
  /** Opens what a store held that was closed. */
  readonly reopen?: (store: EventStore) => EventStore | Promise<EventStore>;
  /** Opens a new store without events that has `appendSync`. */
  readonly makeSync?: () => EventStore | Promise<EventStore>;
  /** Makes the next append of the store fail. */
  readonly breakNext?: (store: EventStore) => Promise<void> | void;
  /** Whether it drops events that a checkpoint stands for, when it is asked to. Default: true. */
  readonly prunes?: boolean;
}

/** What cases are made with. */
export interface Parts extends StoreKind {
  readonly contract: Contract;
}

/** The stores of a case. */
export class Stores {
  readonly #kind: StoreKind;
  readonly #opened: EventStore[] = [];

  constructor(kind: StoreKind) {
    this.#kind = kind;
  }

  /** A new store without events. */
  make(): Promise<EventStore> {
    return this.opened(this.#kind.make());
  }

  /** A new store with events. */
  async filled(count: number, from = 0): Promise<EventStore> {
    const store = await this.make();
    await store.append(eventsInARow(from, count));
    return store;
  }

  /** Notes a store that has to be closed after the case. */
  async opened<S extends EventStore>(opening: S | Promise<S>): Promise<S> {
    const store = await opening;
    this.#opened.push(store);
    return store;
  }

  /** One that has failed may not be able to. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#opened.map((store) => store.close()));
  }
}

/** Adds a case that is given stores, which are closed after it. */
export function addWithStores(
  { contract, ...kind }: Parts,
  name: string,
  run: (stores: Stores) => Promise<void>,
): void {
  contract.add(name, async () => {
    const stores = new Stores(kind);
    try {
      await run(stores);
    } finally {
      await stores.close();
    }
  });
}
