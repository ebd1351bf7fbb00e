/** Notifies subscribers of what was recorded, in the order of `seq`. */

import mitt from 'mitt';
import { Code, codeOf, EVENT_TYPES, type EventCode } from '../../events/event-codes.ts';
import type { EventType, PoolEvent } from '../../events/events.ts';
import { checkString } from '../../kit/checks.ts';
import { Fifo } from '../../kit/fifo.ts';
import { runSoon } from '../../kit/jobs.ts';
import { hint } from '../../kit/nearest.ts';
import { onAbort } from '../../kit/on-abort.ts';
import { quoted } from '../../kit/printed.ts';
import { attempt } from '../../kit/promises.ts';
import type { Subject } from '../../machines/pool-state.ts';
import type { Calling } from '../calling/calling.ts';
import type { Door, Witness } from '../door/door.ts';
import { checkFunction } from '../options/check-function.ts';
import type { EventHandler, Logger, SubscribeOptions } from '../options/pool-options.ts';
import { Audience, type Emitter } from './audience.ts';
import type { Stopwatch } from './stopwatch.ts';

/** The types of mitt 3 describe a CommonJS module, though its file is an ES module. */
const createEmitter = mitt as unknown as () => Emitter;

/** The parts of a pool that notifying subscribers involves. */
interface Parts {
  readonly door: Door;
  readonly logger: Logger;
  readonly calling: Calling;
  readonly stopwatch: Stopwatch;
  readonly closing: {
    /** Called when the pool is closed. */
    readonly cleanups: Set<() => void>;
  };
}

export class Publisher implements Witness {
  readonly #parts: Parts;
  readonly #emitter = createEmitter();
  /** The subscribers of each type. */
  readonly #audiences = new Map<EventType, Audience>();
  readonly #queue = new Fifo<PoolEvent>();
  #isPublishing = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Subscribes; returns the function that ends the subscription. */
  on(pattern: string, handler: EventHandler, options: SubscribeOptions = {}): () => void {
    checkString('the type of an event', pattern);
    const types = typesOf(pattern);
    checkFunction('handler', handler);
    const { replay = false, once = false, signal } = options;
    if (signal?.aborted === true) return () => {};
    const { cleanups } = this.#parts.closing;
    const { ring } = this.#parts.door.journal;
    let subscribed = true;
    let stopListening = (): void => {};
    // mitt still calls handlers that unsubscribe while an event is being delivered.
    const call = (event: PoolEvent) => {
      if (!subscribed || signal?.aborted === true) return;
      if (once) end();
      this.#call(handler, event);
    };
    const guarded = replay ? this.#replayed(types, call) : call;
    for (const type of types) if (this.#audience(type).add(guarded)) this.#watch(type, true);
    const end = () => {
      if (!subscribed) return;
      subscribed = false;
      for (const type of types) if (this.#audience(type).delete(guarded)) this.#watch(type, false);
      if (replay) ring.pin(call, Number.POSITIVE_INFINITY);
      cleanups.delete(stopListening);
      stopListening();
    };
    // After the last event there would be no occasion to stop listening.
    if (signal !== undefined && this.#parts.door.state.status !== 'closed') {
      stopListening = onAbort(signal, end);
      cleanups.add(stopListening);
    }
    return end;
  }

  see(_code: EventCode, _subject: Subject, seq: number): void {
    // All subscribers receive the same object, since copies would cost more.
    const { door } = this.#parts;
    this.#queue.push(Object.freeze(door.event(seq)));
    door.requestFlush();
  }

  /**
   * Calls the handlers. Events caused by a handler are published after all handlers have received the current one.
   */
  flush(): void {
    if (this.#isPublishing) return;
    this.#isPublishing = true;
    this.#parts.calling.runOutside(() => {
      for (let event = this.#queue.shift(); event !== undefined; event = this.#queue.shift()) {
        this.#emitter.emit(event.type, event);
      }
    });
    this.#isPublishing = false;
  }

  /**
   * A handler that first receives the events in memory, in a promise job, so that the caller can unsubscribe before.
   * They are pinned until then, and with them those that are recorded in the meantime.
   */
  #replayed(types: readonly EventType[], call: EventHandler): EventHandler {
    const { journal, state } = this.#parts.door;
    const { ring } = journal;
    let received = Number.POSITIVE_INFINITY;
    ring.pin(call, ring.firstSeq);
    void runSoon(() => {
      // Once the handler has unsubscribed, events may be dropped.
      for (let seq = ring.firstSeq; seq <= state.seq; seq = Math.max(seq + 1, ring.firstSeq)) {
        const event = ring.event(state.name, seq);
        if (types.includes(event.type)) call(Object.freeze(event));
      }
      received = state.seq;
      ring.pin(call, Number.POSITIVE_INFINITY);
    });
    return (event) => {
      if (event.seq > received) call(event);
    };
  }

  #audience(type: EventType): Audience {
    let audience = this.#audiences.get(type);
    if (audience === undefined) {
      audience = new Audience(this.#emitter, type);
      this.#audiences.set(type, audience);
    }
    return audience;
  }

  /** Watches exactly the events that have subscribers. */
  #watch(type: EventType, isWanted: boolean): void {
    const code = codeOf(type);
    this.#parts.door.watch(this, [code], isWanted);
    if (code === Code.taskEnded) this.#parts.stopwatch.want(this, isWanted);
  }

  /** An error of a handler must neither stop the pool nor keep the event from other handlers. */
  #call(handler: EventHandler, event: PoolEvent): void {
    const fail = (error: unknown) =>
      this.#parts.logger.error(`a subscriber of ${event.type} threw`, error);
    try {
      const result: unknown = handler(event);
      // Handlers rarely return something, and this runs for each event.
      if (result !== undefined) void attempt(() => result, fail);
    } catch (error) {
      fail(error);
    }
  }
}

/**
 * The types that match a pattern: one, those of a subject, or all.
 *
 * @throws RangeError if none matches.
 */
function typesOf(pattern: string): readonly EventType[] {
  const start = /^(\w+\.)?\*$/.test(pattern) ? pattern.slice(0, -1) : '.';
  const types = EVENT_TYPES.filter((type) => type === pattern || type.startsWith(start));
  if (types.length > 0) return types;
  throw unknownType(pattern);
}

/** What emitters of other libraries call it. */
const EMITTED = new Map<string, EventType>([
  ['active', 'task.started'],
  ['completed', 'task.ended'],
  ['failed', 'task.ended'],
  ['error', 'task.ended'],
]);

function unknownType(pattern: string): RangeError {
  const said = hint(pattern, EVENT_TYPES, EMITTED);
  return new RangeError(
    `expected the type of an event, 'task.*' or '*', got ${quoted(pattern)}: ${said}`,
  );
}
