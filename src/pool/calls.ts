/** Creates groups for the methods that start tasks. */

import { Code } from '../events/event-codes.ts';
import { defined } from '../events/event-columns.ts';
import { whenAborted } from '../kit/on-abort.ts';
import type { GroupTerms } from '../machines/group-identity.ts';
import type { GroupNames } from '../machines/group-names.ts';
import { limitToJson } from '../machines/limits.ts';
import type { Admission } from './admission/admission.ts';
import { termsOf } from './admission/limit-options.ts';
import type { Terms } from './admission/terms.ts';
import { policyOf } from './attempt/policy.ts';
import type { Door } from './door/door.ts';
import type { Cancelling } from './engine/cancelling.ts';
import type { Runner } from './engine/runner.ts';
import type { Scheduler } from './engine/scheduler.ts';
import { AwaitedFeed } from './feeds/awaited-feed.ts';
import { ContextFeed } from './feeds/context-feed.ts';
import type { Feed } from './feeds/feed.ts';
import type { GroupRequest } from './group-request.ts';
import { Group, type Task } from './live/live.ts';
import { Works } from './live/work.ts';
import type { DefaultOptions, GroupOptions, KeepResults } from './options/group-options.ts';
import { mapOptions } from './options/option-tables.ts';
import type { PoolOptions } from './options/pool-options.ts';
import type { PoolJournal } from './persistence/journal.ts';
import type { Delivery } from './results/delivery.ts';
import { atTheEnd } from './results/results.ts';
import { type AsyncContext, CallContext } from './turn/async-context.ts';

/** The parts of a pool that a group needs. */
interface Parts {
  readonly door: Door;
  readonly names: GroupNames;
  readonly admission: Admission;
  readonly scheduler: Scheduler;
  readonly cancelling: Cancelling;
  readonly delivery: Delivery;
  readonly runner: Runner;
  /** Defined if the journal is a store. */
  readonly journal: PoolJournal | undefined;
  /** For functions that may be called in any async context. */
  readonly anyContext: AsyncContext<Task>;
  /** Throws if the pool does not accept new work. */
  checkAccepts(): void;
}

export class Calls {
  readonly #parts: Parts;
  readonly #works = new Works();
  /** The option `defaults`; undefined if it is not given. */
  readonly defaults: DefaultOptions | undefined;
  /** Whether functions are called in the async context of the call by default. */
  readonly hasContexts: boolean;
  readonly #keepsResults: KeepResults;

  constructor(parts: Parts, { defaults, asyncContext, keepResults }: PoolOptions) {
    this.#parts = parts;
    this.defaults = defaults && Object.freeze({ ...defaults });
    this.hasContexts = asyncContext ?? true;
    this.#keepsResults = keepResults ?? false;
  }

  /**
   * Creates a group.
   *
   * @throws what `checkAccepts()` throws, TaskGroupAlreadyExists, TypeError, NotAFunction
   */
  make(given: GroupRequest): Group {
    const { door, names, scheduler, journal } = this.#parts;
    const request = this.#withDefaults(given);
    const { method, fn, spreads, numConcurrent, planned, options } = request;
    this.#parts.checkAccepts();
    const policy = policyOf(options);
    const work = this.#works.of(fn, spreads, options, policy);
    const terms = termsOf(options.limits, door.state.limits?.names ?? []);
    const stored = journal?.storeCall?.(request);
    const identity = names.identify(options.groupName, {
      method,
      functionName: stored?.functionName ?? work.functionName,
      numConcurrent,
      planned,
      priority: options.priority ?? 0,
      storage: stored?.storage,
      policy: policy?.numbers,
      terms: statedTerms(options, terms),
      onError: options.onError === 'continue' ? undefined : options.onError,
      keepResults: this.keptBytes(options.keepResults),
    });
    const group = new Group(identity, fn, work, stored?.items);
    this.limit(group, terms, options.lookahead);
    group.context = this.contextFor(group, options.asyncContext);
    group.feed = this.#feedOf(group, stored ?? request);
    if (stored === undefined) door.record(Code.groupCreated, group, 0, identity);
    else journal?.record(stored.eventsOf(group));
    scheduler.add(group);
    if (options.signal !== undefined) this.cancelWith(options.signal, group);
    return group;
  }

  /** The largest result that is stored, in bytes; undefined if none are, or if there is no store. */
  keptBytes(keep: KeepResults = this.#keepsResults): number | null | undefined {
    if (keep === false || this.#parts.journal === undefined) return undefined;
    return keep === true ? null : limitToJson(keep.maxBytes);
  }

  /** The async context for the functions of a call: that of the caller of this method. */
  contextFor(call: { readonly mayStartMore: boolean }, isOwn?: boolean): AsyncContext<Task> {
    const { runner, anyContext } = this.#parts;
    return (isOwn ?? this.hasContexts) ? new CallContext(runner, call) : anyContext;
  }

  /** Applies limits and the option `lookahead` to a group. */
  limit(group: Group, terms: Terms | undefined, lookahead: number | undefined): void {
    if (lookahead !== undefined) group.lookahead = Math.max(1, lookahead);
    if (terms === undefined) return;
    group.terms = terms;
    this.#parts.admission.limit(group);
  }

  /** Cancels what is left of a group when a signal is aborted. */
  cancelWith(signal: AbortSignal, group: Group): void {
    const { cancelling, delivery } = this.#parts;
    const stopListening = whenAborted(signal, (reason) => cancelling.group(group, reason));
    delivery.addSink(group, atTheEnd(stopListening));
  }

  #withDefaults(request: GroupRequest): GroupRequest {
    const { defaults } = this;
    if (defaults === undefined) return request;
    return { ...request, options: mapOptions.fill(request.options, defaults) };
  }

  #feedOf(group: Group, { feed }: Pick<GroupRequest, 'feed'>): Feed {
    if (typeof feed !== 'function') return feed;
    const make = (onReady: () => void) => {
      const made = feed(group, onReady);
      return group.terms?.hasFunctions === true ? new AwaitedFeed(made, onReady) : made;
    };
    const onReady = () => this.#parts.scheduler.proceed(group);
    // A source with a length is a collection, and reading it runs no user code.
    const hasCode = group.identity.kind.planned === undefined;
    const hasContext = group.context !== this.#parts.anyContext;
    return hasCode && hasContext ? new ContextFeed(make, onReady) : make(onReady);
  }
}

/** The options about when tasks of a group may start, for the journal; undefined if there are none. */
function statedTerms(
  { lookahead }: GroupOptions,
  terms: Terms | undefined,
): GroupTerms | undefined {
  if (lookahead === undefined && terms === undefined) return undefined;
  return defined({
    limits: terms?.stated,
    lookahead: lookahead === Number.POSITIVE_INFINITY ? undefined : lookahead,
  });
}
