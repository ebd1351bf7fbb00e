/** Why tasks and groups wait: as data, and in words. */

import type { LimitKey, LimitNumbers } from '../events/events.ts';
import { plural, quoted } from '../kit/printed.ts';
import { shortened } from '../kit/shortened.ts';
import type { TaskState } from '../machines/charts.ts';
import type { GroupRecord } from '../machines/records.ts';

/** The most characters of a key in a sentence. */
const LONGEST = 200;

/** Why a task or a group waits. Times are milliseconds since the epoch. */
export type WaitReason =
  /** It is not waiting, but in the given state. */
  | { readonly why: 'state'; readonly state: Exclude<TaskState, 'queued' | 'delayed'> | 'done' }
  /** An attempt failed, and it is queued again at that time. */
  | { readonly why: 'delayed'; readonly until: number }
  /** The pool or the group is paused. */
  | { readonly why: 'paused'; readonly what: 'pool' | 'group' }
  /** The pool is being suspended: another process continues the work. */
  | { readonly why: 'suspended' }
  /** Too many events wait to be written to the journal, or it has failed. */
  | { readonly why: 'journal' }
  /** The group runs as many tasks as its `numConcurrent` allows. */
  | { readonly why: 'group'; readonly numConcurrent: number }
  /** A limit allows no more tasks with this key to start. */
  | {
      readonly why: 'limit';
      readonly limit: string;
      readonly key: LimitKey;
      /** Why: too many run, too many have started recently, the key is paused, or earlier tasks come first. */
      readonly of: 'concurrent' | 'rate' | 'paused' | 'order';
      /** When tasks with this key can start again, if that is known. */
      readonly until?: number;
    }
  /** Another submission with its `unique` key has not settled. */
  | { readonly why: 'unique'; readonly key: string }
  /** Its source has not delivered the next item yet. */
  | { readonly why: 'source' }
  /** Every slot of the pool is taken. */
  | { readonly why: 'full'; readonly poolSize: number }
  /** It has a slot; its function runs elsewhere and has not started there yet. */
  | {
      readonly why: 'remote';
      /** What it waits for there, if that is known. */
      readonly waitsFor?: string;
    }
  /** It starts in the next turn, or others come first. */
  | { readonly why: 'turn' };

/** Why a task does not run, or why a group starts no more tasks. */
export interface Explanation {
  /** The task that waits; undefined if there is none. */
  readonly id?: number;
  /** The index of a submission that is no task yet: its place among the calls of its group, from 0. */
  readonly index?: number;
  /** The name of the group. */
  readonly group: string;
  /** When the task began to wait, if that is known: milliseconds since the epoch. */
  readonly since?: number;
  /** Why it waits. */
  readonly reason: WaitReason;
  /** The explanation as an English sentence. */
  readonly sentence: string;
}

/**
 * The state of a group of which no task waits, if it waits for nothing else: all its tasks were created.
 *
 * @param planned how many there will be, if that is known.
 */
export function stateOf(
  { source, created, ended }: Pick<GroupRecord, 'source' | 'created' | 'ended'>,
  planned: number | undefined,
): WaitReason | undefined {
  const isIdle = ended === created;
  if (source === 'open' && (isIdle || created !== planned)) return undefined;
  return { why: 'state', state: isIdle ? 'done' : 'running' };
}

/** The reason as the predicate of a sentence. */
export function words(reason: WaitReason, numbers: LimitNumbers | undefined): string {
  switch (reason.why) {
    case 'state':
      return `does not wait: it is ${reason.state}`;
    case 'delayed':
      return `has failed, and is queued again at ${time(reason.until)}`;
    case 'paused':
      return `waits: the ${reason.what} is paused`;
    case 'suspended':
      return 'waits: the pool is being suspended';
    case 'journal':
      return 'waits: the journal is behind with writing';
    case 'group':
      return `waits: the group runs ${reason.numConcurrent} at once, which is its limit`;
    case 'limit':
      return `waits: ${ofLimit(reason, numbers)}`;
    case 'unique':
      return `waits: another submission with the key ${quoted(reason.key)} has not settled`;
    case 'source':
      return 'waits for the next item of its source';
    case 'full':
      return `waits: ${ofSlots(reason.poolSize)}`;
    case 'remote':
      return `waits: ${reason.waitsFor ?? 'its function has not started where it runs'}`;
    case 'turn':
      return 'waits for its turn';
  }
}

function ofLimit(
  { limit, key, of, until = 0 }: Extract<WaitReason, { why: 'limit' }>,
  numbers: LimitNumbers | undefined,
): string {
  const whose = typeof key === 'string' ? JSON.stringify(shortened(key, LONGEST)) : key;
  const what = key === true ? `limit ${quoted(limit)}` : `limit ${quoted(limit)} for ${whose}`;
  if (of === 'concurrent') return `${what} ${ofConcurrent(numbers?.concurrent ?? 0)}`;
  if (of === 'order') return `others come first at ${what}`;
  if (of === 'paused') return `${what} is paused until ${time(until)}`;
  const { max = 1, per } = numbers?.rate ?? {};
  return `${what} allows ${plural(max, 'start')} in ${per} ms, the next at ${time(until)}`;
}

function ofConcurrent(most: number): string {
  if (most === 0) return 'allows nothing to run';
  return `allows ${most} at once, and ${most === 1 ? 'that one runs' : 'that many run'}`;
}

function ofSlots(poolSize: number): string {
  if (poolSize === 0) return 'the size of the pool is 0';
  if (poolSize === 1) return 'the only slot of the pool is taken';
  return `all ${poolSize} slots of the pool are taken`;
}

function time(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? 'a time beyond all dates' : date.toISOString();
}
