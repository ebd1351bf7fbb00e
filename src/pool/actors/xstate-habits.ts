/** Workarounds for xstate behaviour that is slow here, or that would make lazy actors differ from eager ones. */

import type {
  AnyActor,
  AnyActorRef,
  InspectionEvent,
  Observer,
  Snapshot,
  Subscription,
} from 'xstate';

/** What xstate keeps to itself. */
interface Internals {
  _send(event: object): void;
  readonly system: {
    _register(sessionId: string, actor: AnyActor): string;
    _unregister(actor: AnyActor): void;
    _sendInspectionEvent(event: object): void;
  };
}

/** A child that is done is relayed to its parent, which then notifies its observers of nothing new. */
export function overlookEndedTasks(parent: AnyActor): void {
  const internals = parent as unknown as Internals;
  const send = internals._send.bind(parent);
  internals._send = (event) => {
    if (!('actorId' in event && 'output' in event)) send(event);
  };
}

/**
 * A system lists its actors in a Map that it never reads. Where they come and go as fast as here,
 * what that Map leaves behind as it changes keeps ended ones until the next full collection.
 */
export function keepNoList(root: AnyActor): void {
  const { system } = root as unknown as Internals;
  system._register = (sessionId) => sessionId;
  system._unregister = () => {};
}

/**
 * Sends inspectors what xstate would send them, and returns how to add one. xstate adds `rootId`
 * to a copy of each event, for which Node 20 makes a hidden class each time.
 */
export function tellInspectors(
  root: AnyActor,
): (inspector: Observer<InspectionEvent>) => Subscription {
  const { system } = root as unknown as Internals;
  const { sessionId: rootId } = root;
  const inspectors = new Set<Observer<InspectionEvent>>();
  system._sendInspectionEvent = (event) => {
    if (inspectors.size === 0) return;
    const told = Object.assign({}, event, { rootId }) as InspectionEvent;
    for (const inspector of inspectors) inspector.next?.(told);
  };
  return (inspector) => {
    inspectors.add(inspector);
    return { unsubscribe: () => void inspectors.delete(inspector) };
  };
}

/**
 * What an actor is made with if no one sees it made: an inspector looks for the snapshot among its
 * options. xstate copies those that are an object's own, one by one, which is most of what an actor
 * costs on Node 20; it finds this one though it is not.
 */
export class UnseenOptions<S extends Snapshot<unknown>> {
  readonly id: string;
  readonly parent: AnyActorRef;
  readonly #snapshot: S;

  constructor(id: string, parent: AnyActorRef, snapshot: S) {
    this.id = id;
    this.parent = parent;
    this.#snapshot = snapshot;
  }

  get snapshot(): S {
    return this.#snapshot;
  }
}
