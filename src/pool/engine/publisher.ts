/** Notifies subscribers of what was recorded, in the order of `seq`. */

import mitt from 'mitt';
import { Code, codeOf, EVENT_TYPES, type EventCode } from '../../event-codes.ts';
import type { EventType, PoolEvent } from '../../events.ts';
import { Fifo } from '../../kit/fifo.ts';
import { runSoon } from '../../kit/jobs.ts';
import { nearest } from '../../kit/nearest.ts';
import { onAbort } from '../../kit/on-abort.ts';
import { attempt } from '../../kit/promises.ts';
import type { Subject } from '../../machines/pool-state.ts';
import { checkFunction, checkString } from '../checks.ts';
import type { EventHandler, Logger, SubscribeOptions } from '../options.ts';
import type { Calling } from './calling.ts';
import type { Door, Witness } from './door.ts';
import type { Stopwatch } from './stopwatch.ts';

/** The types of mitt 3 describe a CommonJS module, though its file is an ES module. */
const createEmitter = mitt as unknown as typeof mitt.default;

type Channels = Record<EventType, PoolEvent>;

export class Publisher implements Witness {
  readonly #door: Door;
  readonly #emitter = createEmitter<Channels>();
  /** Own count by event code: mitt keeps an empty list after `off`. */
  readonly #handlers = new Uint32Array(EVENT_TYPES.length);
  readonly #queue = new Fifo<PoolEvent>();
  readonly #logger: Logger;
  readonly #calling: Calling;
  readonly #stopwatch: Stopwatch;
  /** Those who listen to signals that end subscriptions: each stops by being called. */
  readonly #listening = new Set<() => void>();
  #isPublishing = false;

  constructor(door: Door, logger: Logger, calling: Calling, stopwatch: Stopwatch) {
    this.#door = door;
    this.#logger = logger;
    this.#calling = calling;
    this.#stopwatch = stopwatch;
  }

  /** Subscribes; returns the function that ends the subscription. */
  on(pattern: string, handler: EventHandler, options: SubscribeOptions = {}): () => void {
    checkString('the type of an event', pattern);
    const types = typesOf(pattern);
    checkFunction('handler', handler);
    const { replay = false, once = false, signal } = options;
    if (signal?.aborted === true) return () => {};
    let subscribed = true;
    let stopListening = (): void => {};
    // mitt still calls those that unsubscribe while it notifies of an event.
    const call = (event: PoolEvent) => {
      if (!subscribed) return;
      if (once) end();
      this.#call(handler, event);
    };
    const guarded = replay ? this.#replayed(types, call) : call;
    const off = pattern === '*' ? this.#onAll(guarded) : this.#onEach(types, guarded);
    const codes = types.map(codeOf);
    this.#count(codes, 1);
    const end = () => {
      if (!subscribed) return;
      subscribed = false;
      this.#count(codes, -1);
      off();
      stopListening();
    };
    if (signal !== undefined) stopListening = this.#endWith(signal, end);
    return end;
  }

  /** Ends a subscription with a signal; listens to that no longer than there can be events. */
  #endWith(signal: AbortSignal, end: () => void): () => void {
    const stopListening = onAbort(signal, end);
    this.#listening.add(stopListening);
    this.#count([Code.poolClosed], 1);
    return () => {
      if (!this.#listening.delete(stopListening)) return;
      this.#count([Code.poolClosed], -1);
      stopListening();
    };
  }

  see(_code: EventCode, _subject: Subject, seq: number): void {
    // All subscribers get the same object; a copy for each would cost more.
    this.#queue.push(Object.freeze(this.#door.event(seq)));
    this.#door.requestFlush();
  }

  /**
   * Calls the handlers. What a handler causes is published after every handler has seen what
   * caused it.
   */
  flush(): void {
    if (this.#isPublishing) return;
    this.#isPublishing = true;
    this.#calling.runOutside(() => {
      for (let event = this.#queue.shift(); event !== undefined; event = this.#queue.shift()) {
        this.#emitter.emit(event.type, event);
        if (event.type === 'pool.closed') for (const stop of this.#listening) stop();
      }
    });
    this.#isPublishing = false;
  }

  /**
   * A handler that gets the events in memory first, in a promise job: who subscribes can unsubscribe
   * before. What is published until then comes after them.
   */
  #replayed(types: readonly EventType[], call: EventHandler): EventHandler {
    const { journal, state } = this.#door;
    const last = state.seq;
    const later = new Fifo<PoolEvent>();
    let isLate = true;
    void runSoon(() => {
      for (let seq = journal.firstSeq; seq <= last; seq++) {
        const event = journal.ring.event(state.name, seq);
        if (types.includes(event.type)) call(Object.freeze(event));
      }
      for (let event = later.shift(); event !== undefined; event = later.shift()) call(event);
      isLate = false;
    });
    return (event) => {
      // Recorded before, and published since.
      if (event.seq <= last) return;
      if (isLate) later.push(event);
      else call(event);
    };
  }

  #count(codes: readonly number[], by: number): void {
    for (const code of codes) {
      const before = this.#handlers[code] as number;
      this.#handlers[code] = before + by;
      if (before === 0 || before + by === 0) this.#door.watch(this, [code], by > 0);
    }
    const isStored = this.#door.persister !== undefined;
    this.#stopwatch.isRunning = isStored || this.#handlers[Code.taskEnded] !== 0;
  }

  #onEach(types: readonly EventType[], handler: EventHandler): () => void {
    for (const type of types) this.#emitter.on(type, handler);
    return () => {
      for (const type of types) this.#emitter.off(type, handler);
    };
  }

  #onAll(handler: EventHandler): () => void {
    const second = (_type: EventType, event: PoolEvent) => handler(event);
    this.#emitter.on('*', second);
    return () => this.#emitter.off('*', second);
  }

  /** A handler that throws must neither stop the pool nor keep the event from other handlers. */
  #call(handler: EventHandler, event: PoolEvent): void {
    const fail = (error: unknown) =>
      this.#logger.error(`a subscriber of ${event.type} threw`, error);
    try {
      const result: unknown = handler(event);
      // Hardly any returns something, and this is called for each event.
      if (result !== undefined) void attempt(() => result, fail);
    } catch (error) {
      fail(error);
    }
  }
}

/**
 * The types that a pattern stands for: one, those of a subject, or all.
 *
 * @throws RangeError for one that stands for none.
 */
function typesOf(pattern: string): readonly EventType[] {
  if (pattern === '*') return EVENT_TYPES;
  const subject = typeof pattern === 'string' && pattern.endsWith('.*') ? pattern.slice(0, -1) : '';
  const types = EVENT_TYPES.filter(
    (type) => type === pattern || (subject !== '' && type.startsWith(subject)),
  );
  if (types.length > 0) return types;
  throw unknownType(pattern);
}

function unknownType(pattern: string): RangeError {
  const meant = nearest(String(pattern), EVENT_TYPES);
  const hint =
    meant === undefined ? `one of ${EVENT_TYPES.join(', ')}` : `did you mean '${meant}'?`;
  return new RangeError(
    `expected the type of an event, 'task.*' or '*', got '${String(pattern)}': ${hint}`,
  );
}
