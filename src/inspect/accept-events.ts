/** Lets the inspector of this package send events to the actors of a program. */

import type { AnyActorRef, InspectionEvent, Observer } from 'xstate';
import { checkCallback } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';
import { isError } from '../kit/realms.ts';
import { type Inspect, type Inspector, showTo } from './adapter.ts';
import { ChannelWatch } from './channel.ts';
import { dashboardOf, onDashboard } from './dashboards.ts';
import { ACCEPTS, DASHBOARD, HELLO, type ProgramMessage, REFUSED, SEND } from './messages.ts';

/** Options of {@link acceptEvents}. */
export interface AcceptEventsOptions {
  /** Whether to accept an event for an actor. Default: all are accepted. */
  readonly filter?: (event: { readonly type: string }, actor: AnyActorRef) => boolean;
}

const OPTIONS = new OptionBag<AcceptEventsOptions>({
  filter: [checkCallback, 'where', 'predicate', 'allow'],
});

/** An inspector whose page can send events. */
export interface AcceptingInspector extends Inspector {
  /** Pass it as the `inspect` option of `createActor` or of a pool. */
  readonly inspect: Observer<InspectionEvent> & { next(event: InspectionEvent): void };
  readonly adapter: unknown;
  /** Accepts no more events. The inspector itself continues. */
  stop(): void;
}

/**
 * Makes an inspector two-way: the page of `taskpool inspect` can send events to the shown actors, and links pools to
 * their dashboards. Any other inspector works as before, and cannot send events.
 *
 * @param inspector the result of `createWebSocketInspector` or `createBrowserInspector`.
 * @throws TypeError if it has no adapter, and for invalid options.
 */
export function acceptEvents(
  inspector: Inspector,
  options: AcceptEventsOptions = {},
): AcceptingInspector {
  OPTIONS.check('acceptEvents()', options);
  const { adapter } = Object(inspector) as Partial<Inspector>;
  if (typeof adapter !== 'object' || adapter === null) {
    throw new TypeError(
      'expected an inspector with an adapter, as createWebSocketInspector() returns it',
    );
  }
  return new Accepting(inspector, options);
}

class Accepting implements AcceptingInspector {
  readonly inspect: Observer<InspectionEvent> & { next(event: InspectionEvent): void };
  readonly adapter: unknown;
  readonly #filter: AcceptEventsOptions['filter'];
  readonly #channel: ChannelWatch;
  /** Actors by session id, held weakly, since they may end and be garbage collected. */
  readonly #actors = new Map<string, WeakRef<AnyActorRef>>();
  readonly #forgotten = new FinalizationRegistry<string>((id) => this.#actors.delete(id));
  /** The root actors whose dashboard was sent to the inspector. */
  readonly #linked = new Set<string>();
  readonly #roots = new Map<string, WeakRef<AnyActorRef>>();
  readonly #stopLooking: () => void;
  #isKnown = false;

  constructor(inspector: Inspector, { filter }: AcceptEventsOptions) {
    this.adapter = inspector.adapter;
    this.#filter = filter;
    this.#channel = new ChannelWatch(inspector.adapter, (message) => this.#take(message));
    this.#stopLooking = onDashboard(() => this.#tellDashboards());
    const show = showTo(inspector as Inspector | Inspect);
    this.inspect = {
      next: (event) => {
        this.#meet(event.actorRef as AnyActorRef);
        show(event);
      },
    };
  }

  stop(): void {
    this.#channel.stop();
    this.#stopLooking();
  }

  #meet(actor: AnyActorRef): void {
    const { sessionId } = actor;
    if (this.#actors.has(sessionId)) return;
    const ref = new WeakRef(actor);
    this.#actors.set(sessionId, ref);
    this.#forgotten.register(actor, sessionId);
    if (actor._parent !== undefined) return;
    this.#roots.set(sessionId, ref);
    // The actor of a pool is assigned only after it was announced.
    void Promise.resolve().then(() => this.#tellDashboards());
  }

  #take(message: unknown): void {
    const { type, sessionId, event } = Object(message) as Record<string, unknown>;
    if (type === HELLO) {
      this.#isKnown = true;
      this.#linked.clear();
      this.#say({ type: ACCEPTS });
      this.#tellDashboards();
    } else if (this.#isKnown && type === SEND && typeof sessionId === 'string') {
      const why = this.#send(sessionId, event);
      if (why !== undefined) this.#say({ type: REFUSED, sessionId, why });
    }
  }

  /** Sends an event to an actor; returns the reason if it was not sent. */
  #send(sessionId: string, event: unknown): string | undefined {
    const { type } = Object(event) as { readonly type?: unknown };
    if (typeof type !== 'string' || type === '') return 'expected an event with a type';
    if (type.startsWith('xstate.')) return `events named ${type} are xstate's own`;
    const actor = this.#actors.get(sessionId)?.deref();
    if (actor === undefined) return 'there is no such actor any more';
    if (actor.getSnapshot()?.status !== 'active') return 'the actor has ended';
    try {
      const sent = event as { readonly type: string };
      if (this.#filter?.(sent, actor) === false) return 'the program does not let this event in';
      actor.send(sent);
      return undefined;
    } catch (error) {
      return isError(error) ? error.message : String(error);
    }
  }

  #tellDashboards(): void {
    if (!this.#isKnown) return;
    for (const [sessionId, ref] of this.#roots) {
      const actor = ref.deref();
      if (actor === undefined) this.#roots.delete(sessionId);
      if (actor === undefined || this.#linked.has(sessionId)) continue;
      const url = dashboardOf(actor, actor.id);
      if (url === undefined) continue;
      this.#linked.add(sessionId);
      this.#say({ type: DASHBOARD, sessionId, url });
    }
  }

  #say(message: ProgramMessage): void {
    this.#channel.send(message);
  }
}
