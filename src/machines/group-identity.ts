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

/** What a journal holds of a group besides, so that another process can continue it. */
export interface GroupStorage {
  readonly args?: readonly Json[];
  readonly items?: ItemStorage;
  readonly passContext?: false;
  /** Options that are functions, which no journal holds. */
  readonly needs?: readonly string[];
}

/** How long the tasks of a group may take and how often they are run: what its options say. */
export interface GroupPolicy {
  readonly timeout?: number;
  readonly waitTimeout?: number;
  readonly deadline?: number;
  readonly retry?: RetryNumbers;
  readonly maxInterruptions?: number | null;
}

/** When the tasks of a group may start: what its options say. */
export interface GroupTerms {
  /** By the names of limits: the key of all its tasks, or `null` if a function gives that of each. */
  readonly limits?: Readonly<Record<string, LimitKey | null>>;
  readonly lookahead?: number;
}

/** How a group was made. Groups that were made in the same way share it. */
export interface GroupKind {
  readonly method: GroupMethod;
  readonly functionName: string;
  /** What `numConcurrent` was when the group was made; `null` for no limit, as in events. */
  readonly numConcurrent: number | null;
  /** How many tasks there will be, where the source has a length. */
  readonly planned: number | undefined;
  /** What its priority was when the group was made. */
  readonly priority: number;
  /** Undefined if the journal is no more than a record of what happened. */
  readonly storage: GroupStorage | undefined;
  /** Undefined for most. */
  readonly policy: GroupPolicy | undefined;
  /** Undefined for most. */
  readonly terms: GroupTerms | undefined;
  /** What its first failure does to the rest of it; undefined for nothing. */
  readonly onError: EventFields['group.created']['onError'];
  /** Up to how many bytes the values of its tasks are kept in the journal; undefined: they are not. */
  readonly keepResults: number | null | undefined;
}

/** What a group is known by in events. Journals hold it longer than the group is there. */
export class GroupIdentity implements CreatedGroup {
  readonly kind: GroupKind;
  /** The number in a generated name; undefined if the caller chose the name. */
  readonly generated: number | undefined;
  private known: string | undefined;
  /** What {@link ended} gave last of a later attempt. */
  private later: EndedTask | undefined;

  /** @param name the name that the caller chose, or the number for a generated one. */
  constructor(name: string | number, kind: GroupKind) {
    this.kind = kind;
    this.generated = typeof name === 'number' ? name : undefined;
    this.known = typeof name === 'number' ? undefined : name;
  }

  /** A generated name is put together when it is first read; most stay unknown. */
  get name(): string {
    this.known ??= generatedName(this);
    return this.known;
  }

  /** What `task.ended` says besides the outcome and times; nothing is made for most tasks. */
  ended(attempt: number): EndedTask {
    if (attempt === 1) return this;
    if (this.later?.attempt !== attempt) this.later = { name: this.name, attempt };
    return this.later as EndedTask;
  }

  /** What `group.created` says of the group. */
  get created(): EventFields['group.created'] {
    const {
      method,
      functionName,
      numConcurrent,
      planned,
      priority,
      onError,
      keepResults,
      storage,
      policy,
      terms,
    } = this.kind;
    return {
      group: this.name,
      method,
      functionName,
      numConcurrent,
      ...defined({
        planned,
        priority: priority === 0 ? undefined : priority,
        onError,
        keepResults,
      }),
      ...storage,
      ...policy,
      ...terms,
    };
  }
}

/** The identity of the group that a `group.created` is about. */
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

/** What there is of a {@link GroupPolicy} among other fields; undefined if nothing. */
export function policyOf(fields: GroupPolicy): GroupPolicy | undefined {
  const { timeout, waitTimeout, deadline, retry, maxInterruptions } = fields;
  const policy = defined({ timeout, waitTimeout, deadline, retry, maxInterruptions });
  return Object.keys(policy).length === 0 ? undefined : policy;
}

/** What there is of {@link GroupTerms} among other fields; undefined if nothing. */
function termsOf({ limits, lookahead }: GroupTerms): GroupTerms | undefined {
  if (limits === undefined && lookahead === undefined) return undefined;
  return defined({ limits, lookahead });
}

/** What there is of a {@link GroupStorage} among other fields; undefined if nothing. */
function storageOf({ args, items, passContext, needs }: GroupStorage): GroupStorage | undefined {
  if (args === undefined && items === undefined) return undefined;
  return defined({ args, items, passContext, needs });
}

function generatedName({ kind: { method, functionName }, generated }: GroupIdentity): string {
  const prefix = method === 'start' ? method : `${method}-${functionName}`;
  return `${prefix}-group-${generated}`;
}
