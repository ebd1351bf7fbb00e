/** A journal in Redis: any machine can continue it. */

import { type JournalStore, journaling } from '../../../index.ts';
import { BaseStore } from '../../../journal/base-store.ts';
import type { EventColumns } from '../../../journal/columns.ts';
import type { CheckpointInParts } from '../../../journal/event-store.ts';
import { checkFlag, checkNumber } from '../../../kit/checks.ts';
import { OptionBag } from '../../../kit/option-bag.ts';
import { WakeUp } from '../../../kit/wake-up.ts';
import type { RedisConnection } from '../../redis/connection.ts';
import { checkOpened } from '../check-opened.ts';
import { DurableMedium } from '../durable-medium.ts';
import type { Batch } from '../file-medium.ts';
import { type TakeOverOptions, untilFree } from '../take-over.ts';
import { type Keys, keysOf } from './keys.ts';
import { RedisLink } from './redis-link.ts';
import { RedisMedium } from './redis-medium.ts';
import { RedisWakeUp } from './redis-wake-up.ts';
import { type Place, RedisWriter, removeJournal } from './redis-writer.ts';

/** Where a journal is in Redis. */
interface WhereOptions {
  /**
   * A URL, options of ioredis, or a client of it, which stays open. Default: `redis://127.0.0.1:6379`. A
   * password is better given by options than in a URL: those get into logs.
   */
  readonly connection?: RedisConnection;
  /** What the names of all keys begin with, one for each tenant for instance. Default: `taskpool`. */
  readonly prefix?: string;
  /**
   * For how long Redis may be gone before the store gives up, in milliseconds: until then whatever is asked
   * of it waits. `Infinity` never gives up. Default: 60,000.
   */
  readonly maxOutage?: number;
}

/** Options of {@link RedisStore.open}. */
export interface RedisStoreOptions extends WhereOptions {
  /** To read only, also what another process writes. Takes no lock. Default: false. */
  readonly readonly?: boolean;
  /**
   * How long the lock of a process lasts that does not renew it, since it was killed or is frozen, in
   * milliseconds, at least 100: no one else can write until then. Default: 10,000.
   */
  readonly lockTime?: number;
}

const WHERE = {
  connection: ['redis', 'client', 'url'],
  prefix: ['namespace', 'keyPrefix'],
  maxOutage: ['timeout', 'maxWait'],
};
const OPTIONS = new OptionBag<RedisStoreOptions>({
  ...WHERE,
  readonly: [checkFlag],
  lockTime: ['lockDuration', 'ttl', 'lease'],
});
const REMOVE_OPTIONS = new OptionBag<WhereOptions>(WHERE);

const DEFAULTS = { prefix: 'taskpool', maxOutage: 60_000, lockTime: 10_000 };
/** The lock is renewed four times as often, and an answer takes its time. */
const LEAST_LOCK_TIME = 100;

/** What a store was opened with. */
interface Opened {
  readonly name: string;
  readonly options: RedisStoreOptions;
  readonly medium: RedisMedium;
  readonly changes: WakeUp;
}

export class RedisStore extends BaseStore<Batch, DurableMedium> implements JournalStore {
  readonly journaling = journaling;
  /** What it is called in Redis. */
  readonly name: string;
  /**
   * Aborted when it is found that another process writes the journal, or that Redis has lost some of it, with
   * what every append rejects with as its reason.
   */
  readonly failed: AbortSignal;
  readonly #options: RedisStoreOptions;
  readonly #changes: WakeUp;

  private constructor(opened: Opened, readonly: boolean, failure: AbortController) {
    checkOpened(new.target, opened, failure);
    const { name, options, medium, changes } = opened;
    super(new DurableMedium(medium, { readonly }), changes, readonly);
    this.name = name;
    this.failed = failure.signal;
    this.#options = options;
    this.#changes = changes;
    this.failed.addEventListener('abort', () => this.giveUp(this.failed.reason), { once: true });
  }

  /**
   * Opens a journal, which is made if it is not there.
   *
   * @param name 1 to 200 characters without spaces, braces and colons.
   * @throws StoreLocked while the lock of someone else lasts, StoreUnreachable if Redis is not there,
   * StoreCorrupt if the journal is damaged where that can be seen at once, StoreDriverMissing without
   * ioredis, TypeError, RangeError for invalid options.
   */
  static async open(name: string, options: RedisStoreOptions = {}): Promise<RedisStore> {
    OPTIONS.check('RedisStore.open()', options);
    const { lockTime = DEFAULTS.lockTime, readonly = false } = options;
    checkTime('lockTime', lockTime, LEAST_LOCK_TIME, false);
    const place = await placeOf(name, options);
    if (!readonly) return RedisStore.#openToWrite(name, options, place, lockTime);
    return closingIfFails(place, async () => {
      const medium = await RedisMedium.openReadonly(place);
      const { link, keys } = place;
      const changes = new RedisWakeUp(link.client, keys.events, () => medium.nextSeq ?? 0);
      return new RedisStore({ name, options, medium, changes }, true, new AbortController());
    });
  }

  static #openToWrite(
    name: string,
    options: RedisStoreOptions,
    place: Place,
    lockTime: number,
    untilTaken: <T>(take: () => Promise<T>) => Promise<T> = (take) => take(),
  ): Promise<RedisStore> {
    return closingIfFails(place, async () => {
      const failure = new AbortController();
      const writer = await untilTaken(() =>
        RedisWriter.take(place, lockTime, (error) => failure.abort(error)),
      );
      try {
        const medium = await RedisMedium.open(place, writer);
        return new RedisStore({ name, options, medium, changes: new WakeUp() }, false, failure);
      } catch (error) {
        await writer.release();
        throw error;
      }
    });
  }

  /**
   * Removes a journal that no one writes; whether there was one.
   *
   * @throws StoreLocked while the lock of someone lasts, and what {@link open} throws.
   */
  static async remove(name: string, options: WhereOptions = {}): Promise<boolean> {
    REMOVE_OPTIONS.check('RedisStore.remove()', options);
    const place = await placeOf(name, options);
    try {
      return await removeJournal(place);
    } finally {
      place.link.close();
    }
  }

  /** As {@link append}, of events of which there are no objects. @throws the same. @internal */
  appendColumns(columns: EventColumns): Promise<unknown> {
    return this.write(() => this.medium.prepareColumns(columns));
  }

  /** As {@link checkpoint}, while other events are appended. @throws the same. */
  async checkpointInParts({ seq, parts, prune = false }: CheckpointInParts): Promise<void> {
    await this.keep(seq, prune, (inTurn) => this.medium.putParts(seq, parts, inTurn));
  }

  /**
   * The same journal, opened to write, as soon as no one else writes it: the writer has closed it, or has
   * not renewed its lock. This one, which has to be read only, stays as it is.
   *
   * @throws what the signal was aborted with, TypeError for a store that is open to write.
   */
  async takeOver(options: TakeOverOptions = {}): Promise<RedisStore> {
    const { lockTime = DEFAULTS.lockTime } = this.#options;
    const place = await placeOf(this.name, this.#options);
    return RedisStore.#openToWrite(this.name, this.#options, place, lockTime, (take) =>
      untilFree(this, take, options),
    );
  }

  override async close(): Promise<void> {
    if (this.#changes instanceof RedisWakeUp) this.#changes.close();
    await super.close();
  }
}

/** @throws what {@link RedisStore.open} throws before it looks at the journal. */
async function placeOf(name: string, options: WhereOptions): Promise<Place> {
  const { connection, prefix = DEFAULTS.prefix, maxOutage = DEFAULTS.maxOutage } = options;
  checkTime('maxOutage', maxOutage, 1, true);
  const keys: Keys = keysOf(prefix, name);
  const link = await RedisLink.connect(connection, maxOutage);
  return { link, keys, where: `'${name}' in ${link.where}` };
}

async function closingIfFails<T>({ link }: Place, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    link.close();
    throw error;
  }
}

function checkTime(name: string, given: unknown, least: number, mayBeInfinite: boolean): void {
  const isRight = (ms: number) => ms >= least && (mayBeInfinite || Number.isFinite(ms));
  checkNumber(name, given, `number of milliseconds from ${least} on`, isRight);
}
