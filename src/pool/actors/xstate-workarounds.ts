/** Workarounds for xstate behaviour that is slow here, or that would make lazy actors differ from eager ones. */

import {
  type Actor,
  type AnyActor,
  type AnyActorLogic,
  type AnyActorRef,
  createActor,
  type InspectionEvent,
  type Observer,
  type Snapshot,
  type Subscription,
} from 'xstate';

/** Private members of xstate's actors. */
interface Internals {
  _send(event: object): void;
  readonly system: {
    _register(sessionId: string, actor: AnyActor): string;
    _unregister(actor: AnyActor): void;
    _sendInspectionEvent(event: object): void;
  };
}

/** Ignores the events of children that are done, for which the parent would notify its observers of no change. */
export function ignoreDoneChildren(parent: AnyActor): void {
  const internals = parent as unknown as Internals;
  const send = internals._send.bind(parent);
  internals._send = (event) => {
    if (!('actorId' in event && 'output' in event)) send(event);
  };
}

/**
 * Stops a system from listing its actors in a Map that it never reads. With so many short-lived actors, the garbage
 * of that Map would retain ended ones until the next full collection.
 */
export function skipRegistry(root: AnyActor): void {
  const { system } = root as unknown as Internals;
  system._register = (sessionId) => sessionId;
  system._unregister = () => {};
}

/**
 * Sends inspectors the events that xstate would send, and returns a function that adds an inspector. xstate adds
 * `rootId` to a copy of each event, for which Node 20 creates a hidden class each time.
 */
export function sendToInspectors(
  root: AnyActor,
): (inspector: Observer<InspectionEvent>) => Subscription {
  const { system } = root as unknown as Internals;
  const { sessionId: rootId } = root;
  const inspectors = new Set<Observer<InspectionEvent>>();
  system._sendInspectionEvent = (event) => {
    if (inspectors.size === 0) return;
    const sent = Object.assign({}, event, { rootId }) as InspectionEvent;
    for (const inspector of inspectors) inspector.next?.(sent);
  };
  return (inspector) => {
    inspectors.add(inspector);
    return { unsubscribe: () => void inspectors.delete(inspector) };
  };
}

/**
 * The options of an actor without inspectors, which would look for the snapshot among its options. xstate copies own
 * options one by one, which is most of the cost of an actor on Node 20; it also finds this inherited one.
 */
class UninspectedOptions {
  readonly parent: AnyActorRef;
  readonly #snapshot: Snapshot<unknown>;

  constructor(parent: AnyActorRef, snapshot: Snapshot<unknown>) {
    this.parent = parent;
    this.#snapshot = snapshot;
  }

  get snapshot(): Snapshot<unknown> {
    return this.#snapshot;
  }
}

/** Creates an actor of a system without inspectors. Its id, which they would read at once, is no option either. */
export function createUninspected<L extends AnyActorLogic>(
  logic: L,
  id: string,
  parent: AnyActorRef,
  snapshot: Snapshot<unknown>,
): Actor<L> {
  const actor = createActor<AnyActorLogic>(logic, new UninspectedOptions(parent, snapshot));
  actor.id = id;
  return actor as Actor<L>;
}
