/** The description of a store that the contract needs. */

import type { EventStore } from '../../../index.ts';
import type { Contract } from '../contract.ts';
import { eventsInARow } from './samples.ts';

/** A kind of store and its optional features. Features that are left out are not tested. */
export interface StoreKind {
  /** Opens a new empty store. Called in each case; the case closes it. */
  readonly make: () => EventStore | Promise<EventStore>;
  /** Opens a store that drops the oldest events when it has more than `size`. Default: not tested. */
  readonly makeBounded?: (size: number) => EventStore | Promise<EventStore>;
  /** Opens the journal of a closed store again. Default: not tested. */
  readonly reopen?: (store: EventStore) => EventStore | Promise<EventStore>;
  /** Opens a new empty store with `appendSync`. Default: not tested. */
  readonly makeSync?: () => EventStore | Promise<EventStore>;
  /** Makes the next append of the store fail. Default: not tested. */
  readonly breakNext?: (store: EventStore) => Promise<void> | void;
  /** Whether it drops events covered by a checkpoint on request. Default: true. */
  readonly prunes?: boolean;
}

/** The environment of cases. */
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

  /** Opens a new empty store. */
  make(): Promise<EventStore> {
    return this.opened(this.#kind.make());
  }

  /** Opens a new store with events. */
  async filled(count: number, from = 0): Promise<EventStore> {
    const store = await this.make();
    await store.append(eventsInARow(from, count));
    return store;
  }

  /** Registers a store to be closed after the case. */
  async opened<S extends EventStore>(opening: S | Promise<S>): Promise<S> {
    const store = await opening;
    this.#opened.push(store);
    return store;
  }

  /** Errors are ignored: a failed store may not be able to close. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#opened.map((store) => store.close()));
  }
}

/** Adds a case with stores, which are closed after it. */
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
