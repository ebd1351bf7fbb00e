/** Shares subscriptions between sessions: a pool has one subscriber per type, however many clients watch it. */

import type { BasePool, EventType, PoolEvent } from '../../index.ts';

type Handler = (event: PoolEvent) => void;

interface Subscription {
  readonly handlers: Set<Handler>;
  readonly end: () => void;
}

const SUBSCRIPTIONS = new WeakMap<BasePool, Map<EventType | '*', Subscription>>();

/**
 * Subscribes a handler to events of a type, or to all.
 *
 * @returns a function that unsubscribes.
 */
export function subscribe(pool: BasePool, type: EventType | '*', handler: Handler): () => void {
  const subscriptions = SUBSCRIPTIONS.get(pool) ?? new Map<EventType | '*', Subscription>();
  SUBSCRIPTIONS.set(pool, subscriptions);
  const subscription = subscriptions.get(type) ?? open(pool, type);
  subscriptions.set(type, subscription);
  // A function of its own, since the same handler may be subscribed twice.
  const own: Handler = (event) => handler(event);
  subscription.handlers.add(own);
  return () => {
    if (!subscription.handlers.delete(own) || subscription.handlers.size > 0) return;
    subscription.end();
    subscriptions.delete(type);
  };
}

function open(pool: BasePool, type: EventType | '*'): Subscription {
  const handlers = new Set<Handler>();
  const end = pool.on(type as '*', (event) => tellAll(handlers, event));
  return { handlers, end };
}

/** A handler that throws does not keep others from the event; the pool's logger gets the error. */
function tellAll(handlers: ReadonlySet<Handler>, event: PoolEvent): void {
  let failure: unknown;
  let failed = false;
  for (const handler of handlers) {
    try {
      handler(event);
    } catch (error) {
      failure = error;
      failed = true;
    }
  }
  if (failed) throw failure;
}
