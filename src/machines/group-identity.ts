/** The immutable properties of a group: its id, name, method and creation options. */

import { type CreatedGroup, defined, type EndedTask } from '../events/event-columns.ts';
import type {
  EventFields,
  GroupMethod,
  ItemStorage,
  Json,
  LimitKey,
  RetryNumbers,
} from '../events/events.ts';

/** The additional fields in the journal with which another process can continue a group. */
export interface GroupStorage {
  readonly args?: readonly Json[];
  readonly items?: ItemStorage;
  readonly passContext?: false;
  /** The names of options that are functions, which cannot be in the journal. */
  readonly needs?: readonly string[];
}

/** The time limits and retries of a group, from its options. */
export interface GroupPolicy {
  readonly timeout?: number;
  readonly waitTimeout?: number;
  readonly deadline?: number;
  readonly retry?: RetryNumbers;
  readonly maxInterruptions?: number | null;
}

/** The options of a group about when its tasks may start. */
export interface GroupTerms {
  /** By the names of limits: the key of all its tasks, or `null` if a function computes it for each item. */
  readonly limits?: Readonly<Record<string, LimitKey | null>>;
  readonly lookahead?: number;
}

/** The properties that groups created in the same way share. */
export interface GroupKind {
  readonly method: GroupMethod;
  readonly functionName: string;
  /** The initial `numConcurrent`; `null` for no limit, as in events. */
  readonly numConcurrent: number | null;
  /** How many tasks there will be, if the source has a length. */
  readonly planned: number | undefined;
  /** The initial priority. */
  readonly priority: number;
  /** Undefined if the journal only records what happened. */
  readonly storage: GroupStorage | undefined;
  /** Undefined for most. */
  readonly policy: GroupPolicy | undefined;
  /** Undefined for most. */
  readonly terms: GroupTerms | undefined;
  /** What happens to the rest of it after its first failure; undefined for nothing. */
  readonly onError: EventFields['group.created']['onError'];
  /** The largest result that is stored in the journal, in bytes; undefined if none are. */
  readonly keepResults: number | null | undefined;
}

/** The identity of a group in events. Journals retain it longer than the group itself. */
export class GroupIdentity implements CreatedGroup {
  readonly kind: GroupKind;
  /** The number in a generated name; undefined if the caller chose the name. */
  readonly generated: number | undefined;
  private known: string | undefined;
  /** The last result of {@link ended} for a later attempt. */
  private later: EndedTask | undefined;

  /** @param name the name chosen by the caller, or the number of a generated name. */
  constructor(name: string | number, kind: GroupKind) {
    this.kind = kind;
    this.generated = typeof name === 'number' ? name : undefined;
    this.known = typeof name === 'number' ? undefined : name;
  }

  /** A generated name is created when it is first read, which most never are. */
  get name(): string {
    this.known ??= generatedName(this);
    return this.known;
  }

  /** The detail of `task.ended` besides outcome and times; nothing is allocated for most tasks. */
  ended(attempt: number): EndedTask {
    if (attempt === 1) return this;
    if (this.later?.attempt !== attempt) this.later = { name: this.name, attempt };
    return this.later as EndedTask;
  }

  /** The fields of `group.created`. */
  get created(): EventFields['group.created'] {
    const { storage, policy, terms, ...others } = this.kind;
    const priority = others.priority === 0 ? undefined : others.priority;
    const own = defined({ ...others, priority });
    return { group: this.name, ...own, ...storage, ...policy, ...terms };
  }
}

/** The identity of a group from its `group.created`. */
export function identityOf(fields: EventFields['group.created']): GroupIdentity {
  const { group, method, functionName, numConcurrent, planned, priority = 0 } = fields;
  const { onError, keepResults } = fields;
  const kind = { method, functionName, numConcurrent, planned, priority, onError, keepResults };
  return new GroupIdentity(group, {
    ...kind,
    storage: storageOf(fields),
    policy: policyOf(fields),
    terms: termsOf(fields),
  });
}

/** The fields of a {@link GroupPolicy} among others; undefined if there are none. */
export function policyOf(fields: GroupPolicy): GroupPolicy | undefined {
  const { timeout, waitTimeout, deadline, retry, maxInterruptions } = fields;
  const policy = defined({ timeout, waitTimeout, deadline, retry, maxInterruptions });
  return Object.keys(policy).length === 0 ? undefined : policy;
}

/** The fields of {@link GroupTerms} among others; undefined if there are none. */
function termsOf({ limits, lookahead }: GroupTerms): GroupTerms | undefined {
  if (limits === undefined && lookahead === undefined) return undefined;
  return defined({ limits, lookahead });
}

/** The fields of a {@link GroupStorage} among others; undefined if there are none. */
function storageOf({ args, items, passContext, needs }: GroupStorage): GroupStorage | undefined {
  if (args === undefined && items === undefined) return undefined;
  return defined({ args, items, passContext, needs });
}

function generatedName({ kind: { method, functionName }, generated }: GroupIdentity): string {
  const prefix = method === 'start' ? method : `${method}-${functionName}`;
  return `${prefix}-group-${generated}`;
}
