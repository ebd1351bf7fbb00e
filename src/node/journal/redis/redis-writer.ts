/** Writes a journal in Redis, as long as no one else has been given that. */

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

/** The lock is renewed so often within the time that it lasts. */
const RENEWALS = 4;
/** For this many milliseconds a Redis that is gone is waited for. */
const RELEASE_MS = 1000;

/** Who writes, as the lock says it. */
interface Holder extends ProcessIdentity {
  /** Which of the stores of a process it is. */
  readonly token: string;
}

/** What a script says of itself, and what it gives. */
type Answer = readonly [status: string, ...given: (string | number)[]];

/** What a writer needs to write. */
export interface Place {
  readonly link: RedisLink;
  readonly keys: Keys;
  /** Which journal it is, for messages. */
  readonly where: string;
}

export class RedisWriter {
  readonly #place: Place;
  readonly #holder: string;
  readonly #lockTime: number;
  /** Which of those that ever opened the journal to write this is: each write asks whether it still counts. */
  readonly #fence: string;
  readonly #turns = new Serial();
  readonly #recent = new RecentBatches();
  readonly #onLost: (error: unknown) => void;
  readonly #renewal: NodeJS.Timeout;
  readonly #renew = () => void this.renew();
  /** The event that comes next, as far as it was written here. */
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
   * From here on, earlier writers cannot write any more.
   *
   * @param onLost called when it is found that someone else writes, or that what was stored is lost.
   * @throws StoreLocked while the lock of another one lasts.
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
      // Of a process of this machine it is known whether it runs, so no one has to wait for its lock.
      if (String(given) === dead || !isDead(holderIn(String(given)))) {
        throw held(place, String(given), Number(rest));
      }
      dead = String(given);
    }
  }

  /** What is there already, as far as it was read. */
  continuesAt(nextSeq: number | undefined): void {
    this.#nextSeq = nextSeq;
  }

  /** What no other checkpoint is known by. */
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

  /** Renews the lock, and looks whether all is there that was written. */
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
      // A Redis that is gone may come back; what matters is whether someone else writes then.
      if (error instanceof StoreLocked || error instanceof StoreRemoved) this.#lose(error);
    } finally {
      this.#isRenewing = false;
    }
  }

  /** Gives the lock back, if that can be done now; it goes by itself anyway. */
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

  /** Returns the event that Redis expects instead, if it is another one. */
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

  /** Stores again what Redis has acknowledged, and lost. */
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

/** Undefined if someone else has written that. */
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

/** @param rest for how many milliseconds the lock lasts unless it is renewed. */
function held({ where }: Place, lock: string, rest: number): StoreLocked {
  const holder = holderIn(lock);
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return new StoreLocked(
    `expected a journal that nobody writes to, got one that is held by ${who}, for ${Math.max(0, rest)} ms unless it renews its lock: ${where}`,
  );
}

/** Whether there was a journal. @throws StoreLocked while someone's lock lasts. */
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
