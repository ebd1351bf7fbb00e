/** Describes what irreversible commands end, for their confirmations. */

import { scanWords } from '../../../control/arguments/words.ts';
import type { PoolState } from '../../../machines/pool-state.ts';
import type { GroupRecord } from '../../../machines/records.ts';
import { count, plural } from '../../ui/format.ts';

/** The current state of the pool, and the number of all pending items. */
export interface Present {
  readonly state: PoolState;
  readonly numPending: number;
}

type Tell = (names: readonly string[], present: Present) => string;

const UNKNOWN = 'What it ends cannot be begun again.';

const DESTRUCTIVE: Readonly<Record<string, Tell>> = {
  cancel: (ids) =>
    `${plural(ids.length, 'task')} ${verb(ids.length, 'is', 'are')} cancelled: what waits never starts, and what runs is aborted.`,
  'cancel-group': ([name = ''], { state }) => ofGroup(state.groups.get(name), cancelled),
  'cancel-all': (_, { state, numPending }) => aborted(state.numRunning, numPending),
  'cancel-queued': ([name], { state }) =>
    name === undefined
      ? dropped(state.numRunning)
      : ofGroup(state.groups.get(name), ({ slots }) => dropped(slots)),
  'stop-group': () => 'No more of its items are taken, and what was taken is finished.',
  stop: ([n = ''], { state }) =>
    `The youngest ${Number(n) === 1 ? 'task' : `${n} tasks`} of ${count(state.numRunning)} running are aborted.`,
  'stop-all': (_, { state }) => aborted(state.numRunning, 0),
  'gather-and-close': (_, { state, numPending }) => closes(state.numRunning, numPending),
  flush: (_, { state }) => `What came of ${plural(state.numEnded, 'ended task')} is forgotten.`,
};

/** Commands that are refused without an argument. */
const NEEDS_ARGUMENT = new Set(['cancel', 'cancel-group', 'stop-group', 'stop']);

/** Describes what a command line ends; undefined if it ends nothing. */
export function consequenceOf(line: string, present: Present | undefined): string | undefined {
  const [command, ...words] = scanWords(line).words.map(({ text }) => text);
  const name = command?.toLowerCase() ?? '';
  const tell = Object.hasOwn(DESTRUCTIVE, name) ? DESTRUCTIVE[name] : undefined;
  if (tell === undefined || words.some((word) => /^(-h|--help)$/.test(word))) return undefined;
  const names = words.filter((word) => !word.startsWith('-'));
  if (names.length === 0 && NEEDS_ARGUMENT.has(name)) return undefined;
  return present === undefined ? UNKNOWN : tell(names, present);
}

/** Describes what cancelling a group ends. */
export function cancelled({ slots, created, ended, numUnmade }: GroupRecord): string {
  return aborted(slots, Math.max(0, created + numUnmade - ended - slots));
}

/** Describes what closing a pool ends. */
export function closes(running: number, pending: number): string {
  return `It takes no more work, finishes ${plural(running, 'running task')} and ${plural(pending, 'pending one')}, and is then closed for good.`;
}

function aborted(running: number, pending: number): string {
  return `${plural(running, 'running task')} ${verb(running, 'is', 'are')} aborted, and ${plural(pending, 'pending one')} ${verb(pending, 'is', 'are')} dropped.`;
}

function dropped(running: number): string {
  return `What has not started is cancelled, and ${plural(running, 'running task')} ${verb(running, 'goes', 'go')} on.`;
}

function ofGroup(group: GroupRecord | undefined, tell: (group: GroupRecord) => string): string {
  return group === undefined ? UNKNOWN : tell(group);
}

function verb(value: number, one: string, many: string): string {
  return value === 1 ? one : many;
}
