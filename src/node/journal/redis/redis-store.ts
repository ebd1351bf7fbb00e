/** A journal in Redis, which any machine can resume. */

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

/** The location of a journal in Redis. */
interface WhereOptions {
  /**
   * A URL, options of ioredis, or a client of ioredis, which is not closed. Pass a password in options rather than in
   * a URL, since URLs get into logs. Default: `'redis://127.0.0.1:6379'`.
   */
  readonly connection?: RedisConnection;
  /** The prefix of all keys, for instance one per tenant. Default: `'taskpool'`. */
  readonly prefix?: string;
  /**
   * How long an outage of Redis may last until the store fails, in milliseconds, at least 1; until then operations
   * wait. `Infinity` never fails. Default: 60,000.
   */
  readonly maxOutage?: number;
}

/** Options of {@link RedisStore.open}. */
export interface RedisStoreOptions extends WhereOptions {
  /** Open read-only, without a lock; events that another process writes can be read too. Default: false. */
  readonly readonly?: boolean;
  /**
   * How long a lock lasts if its process does not renew it, since it was killed or suspended, in milliseconds, at
   * least 100: no other process can write until then. Default: 10,000.
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
/** In milliseconds: the lock is renewed four times within its time, and an answer takes a while. */
const LEAST_LOCK_TIME = 100;

/** The settings of a store. */
interface Opened {
  readonly name: string;
  readonly options: RedisStoreOptions;
  readonly medium: RedisMedium;
  readonly changes: WakeUp;
}

/** A journal in Redis, so that another machine can recover the pool. Only one process can write to it at a time. */
export class RedisStore extends BaseStore<Batch, DurableMedium> implements JournalStore {
  readonly journaling = journaling;
  /** The name of the journal in Redis. */
  readonly name: string;
  /**
   * Aborted when another process has taken over the journal, or Redis has lost part of it. Its reason is the error
   * with which every append rejects.
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

  /** @internal */
  protected override get place(): string {
    return this.name;
  }

  /**
   * Opens a journal, which is created if it does not exist.
   *
   * @param name 1 to 200 characters without spaces, braces and colons.
   * @throws StoreLocked while another process holds the lock, StoreUnreachable if Redis cannot be reached,
   *   StoreCorrupt if opening finds the journal damaged, StoreDriverMissing without ioredis, TypeError, RangeError
   *   for invalid options.
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
   * Deletes a journal that no process writes.
   *
   * @returns whether it existed.
   * @throws StoreLocked while a process holds the lock, and the errors of {@link open}.
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

  /** Like {@link append}, for events given as columns. @throws the same. @internal */
  appendColumns(columns: EventColumns): Promise<unknown> {
    return this.write(() => this.medium.prepareColumns(columns));
  }

  /** Like {@link checkpoint}, while other events are being appended. @throws the same. */
  async checkpointInParts({ seq, parts, prune = false }: CheckpointInParts): Promise<void> {
    await this.keep(seq, prune, (inTurn) => this.medium.putParts(seq, parts, inTurn));
  }

  /**
   * Opens the same journal for writing, as soon as no process is writing it: the writer has closed it, or has not
   * renewed its lock. This store, which must be read-only, stays open.
   *
   * @throws the reason of the signal, TypeError for a store that is not read-only.
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

/**
 * @throws the errors of {@link RedisStore.open} before it reads the journal.
 */
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
  checkNumber(name, given, `at least ${least} milliseconds`, isRight);
}
