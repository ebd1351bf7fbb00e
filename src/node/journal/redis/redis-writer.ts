/** Writes a journal in Redis until another process takes over. */

import { randomUUID } from 'node:crypto';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as wait } from 'node:timers/promises';
import { StoreLocked, StoreRemoved } from '../../../index.ts';
import { Serial } from '../../../kit/serial.ts';
import { batchCrc } from '../batch-crc.ts';
import type { Batch } from '../file-medium.ts';
import { mayRun, ownIdentity, type ProcessIdentity } from '../process-identity.ts';
import { takenOver } from '../taken-over.ts';
import { textOfBytes } from '../text-of-bytes.ts';
import { boundsOf, draftsIn, entryId, otherFormat, parseSeq, seqText } from './bounds.ts';
import type { Keys } from './keys.ts';
import { RecentBatches } from './recent-batches.ts';
import type { RedisLink } from './redis-link.ts';
import { APPEND, LOOK, RELEASE, REMOVE, RENEW, type Script, TAKE } from './scripts.ts';

/** The number of renewals within the time of the lock. */
const RENEWALS = 4;
/** Milliseconds to wait for an unreachable Redis when releasing the lock. */
const RELEASE_MS = 1000;

/** The writer, as recorded in the lock. */
interface Holder extends ProcessIdentity {
  /** Identifies the store within its process. */
  readonly token: string;
}

/** The status and results of a script. */
type Answer = readonly [status: string, ...given: (string | number)[]];

/** The location of a journal. */
export interface Place {
  readonly link: RedisLink;
  readonly keys: Keys;
  /** The journal in messages. */
  readonly where: string;
}

export class RedisWriter {
  readonly #place: Place;
  readonly #holder: string;
  readonly #lockTime: number;
  /** The fencing token of this writer: each write checks that it is still valid. */
  readonly #fence: string;
  readonly #turns = new Serial();
  readonly #recent = new RecentBatches();
  readonly #onLost: (error: unknown) => void;
  readonly #renewal: NodeJS.Timeout;
  readonly #renew = () => void this.renew();
  /** The next event, as far as this process has written. */
  #nextSeq: number | undefined = undefined;
  #isRenewing = false;
  #drafts = 0;

  private constructor(
    place: Place,
    holder: string,
    fence: string,
    lockTime: number,
    onLost: (error: unknown) => void,
  ) {
    this.#place = place;
    this.#holder = holder;
    this.#fence = fence;
    this.#lockTime = lockTime;
    this.#onLost = onLost;
    this.#renewal = setInterval(this.#renew, lockTime / RENEWALS).unref();
    place.link.client.on('ready', this.#renew);
  }

  /**
   * Takes the lock; earlier writers cannot write any more.
   *
   * @param onLost called when another process has taken over, or stored events are lost.
   * @throws StoreLocked while another process holds the lock.
   */
  static async take(
    place: Place,
    lockTime: number,
    onLost: (error: unknown) => void,
  ): Promise<RedisWriter> {
    const token = randomUUID();
    const holder = JSON.stringify({ ...ownIdentity(), token } satisfies Holder);
    for (let dead = ''; ; ) {
      const words = [token, holder, lockTime, dead];
      const answer = await place.link.run(TAKE, keysOf(place.keys), words);
      const [status, given = '', rest = 0] = answer as Answer;
      if (status === 'format') throw otherFormat(String(given), place.where);
      if (status === 'ok') return new RedisWriter(place, holder, String(given), lockTime, onLost);
      // For a process on this machine it is known whether it is alive, so a dead one's lock need not expire.
      if (String(given) === dead || !isDead(holderIn(String(given)))) {
        throw held(place, String(given), Number(rest));
      }
      dead = String(given);
    }
  }

  /** Sets the next event, after the existing ones were read. */
  continuesAt(nextSeq: number | undefined): void {
    this.#nextSeq = nextSeq;
  }

  /** A unique suffix for the key of a checkpoint. */
  newDraft(): string {
    this.#drafts++;
    return `${this.#fence.split(':', 1)[0]}-${this.#drafts}-${randomUUID()}`;
  }

  append(batch: Batch): Promise<void> {
    return this.#turns.run(async () => {
      const next = await this.#insert(batch);
      if (next !== undefined) {
        await this.#again(next);
        await this.#insert(batch);
      }
      this.#nextSeq = endOf(batch);
      this.#recent.add(batch);
    });
  }

  /** Runs a script that writes. @throws StoreLocked, StoreRemoved */
  run(
    script: Script,
    words: readonly (string | number)[],
    ...more: readonly string[]
  ): Promise<Answer> {
    return this.#turns.run(() => this.#run(script, words, more));
  }

  /** Renews the lock, and checks that all written events still exist. */
  async renew(): Promise<void> {
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    try {
      await this.#turns.run(async () => {
        const [, noted = ''] = await this.#run(RENEW, [this.#holder, this.#lockTime]);
        const [next, written] = [parseSeq(String(noted)) ?? 0, this.#nextSeq];
        if (written !== undefined && next < written) await this.#again(next);
      });
    } catch (error) {
      // An unreachable Redis may come back; only another writer is fatal.
      if (error instanceof StoreLocked || error instanceof StoreRemoved) this.#lose(error);
    } finally {
      this.#isRenewing = false;
    }
  }

  /** Releases the lock, if Redis can be reached; it expires anyway. */
  async release(): Promise<void> {
    this.#stop();
    const released = this.run(RELEASE, [this.#holder]).catch(() => {});
    await Promise.race([released, wait(RELEASE_MS, undefined, { ref: false })]);
  }

  #lose(error: unknown): void {
    this.#stop();
    this.#onLost(error);
  }

  #stop(): void {
    clearInterval(this.#renewal);
    this.#place.link.client.off('ready', this.#renew);
  }

  async #run(
    script: Script,
    words: readonly (string | number)[],
    more: readonly string[] = [],
  ): Promise<Answer> {
    const { link, keys, where } = this.#place;
    const answer = await link.run(script, [...keysOf(keys), ...more], [this.#fence, ...words]);
    const [status] = answer as Answer;
    if (status === 'fenced') throw takenOver();
    if (status === 'removed') {
      throw new StoreRemoved(`expected the journal that was opened, got none any more: ${where}`);
    }
    return answer as Answer;
  }

  /** Returns the event that Redis expects instead, if it is a different one. */
  async #insert(batch: Batch): Promise<number | undefined> {
    const { first, count, pool, context, rows } = batch;
    const last = endOf(batch) - 1;
    const [status, next] = await this.#run(APPEND, [
      seqText(first),
      seqText(last + 1),
      entryId(last, count),
      batchCrc(first, last, context, rows),
      context,
      textOfBytes(rows),
      pool,
    ]);
    return status === 'next' ? parseSeq(String(next)) : undefined;
  }

  /** Stores batches again that Redis has acknowledged and lost. */
  async #again(next: number): Promise<void> {
    const batches = this.#recent.from(next);
    for (const batch of batches) await this.#insert(batch);
    if (batches.length > 0) return;
    throw new StoreRemoved(
      `expected all events before ${this.#nextSeq}, which were stored, got those before ${next}: Redis has lost the others, ${this.#place.where}`,
    );
  }
}

function keysOf({ events, meta, lock }: Keys): [string, string, string] {
  return [events, meta, lock];
}

function endOf({ first, count }: Batch): number {
  return first + count;
}

/** Returns undefined if the lock was not written by this package. */
function holderIn(lock: string): Holder | undefined {
  try {
    const holder = JSON.parse(lock) as Partial<Holder>;
    const { pid, host } = holder;
    return typeof pid === 'number' && typeof host === 'string' ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function isDead(holder: Holder | undefined): boolean {
  return holder !== undefined && !mayRun(holder);
}

/**
 * @param rest the milliseconds until the lock expires.
 */
function held({ where }: Place, lock: string, rest: number): StoreLocked {
  const holder = holderIn(lock);
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return new StoreLocked(
    `expected a journal that nobody writes to, got one that is held by ${who}, for ${Math.max(0, rest)} ms unless it renews its lock: ${where}`,
  );
}

/** Returns whether there was a journal. @throws StoreLocked while a process holds the lock. */
export async function removeJournal(place: Place): Promise<boolean> {
  const { link, keys, where } = place;
  const looked = await link.run(LOOK, keysOf(keys), []);
  const drafts = draftsIn(boundsOf(looked, where), where).map(keys.checkpoint);
  const [status, given = '', rest = 0] = (await link.run(
    REMOVE,
    [...keysOf(keys), ...drafts],
    [],
  )) as Answer;
  if (status === 'held') throw held(place, String(given), Number(rest));
  return Number(given) > 0;
}
