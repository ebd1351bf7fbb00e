/** The actors as a flat list in tree order, with depths. */

import { type ActorMoment, type ActorRecord, stateText } from './actor-record.ts';
import type { History } from './history.ts';

export interface ProgramRow {
  readonly program: number;
  readonly isClosed: boolean;
}

export interface ActorRow {
  readonly actor: ActorRecord;
  readonly depth: number;
  readonly moment: ActorMoment;
  readonly status: string;
  readonly numChildren: number;
  /** Whether its children are hidden. */
  readonly isCollapsed: boolean;
}

export type Row = ProgramRow | ActorRow;

export interface TreeOptions {
  /** The message after which it is shown. */
  readonly seq: number;
  readonly search: string;
  readonly hidesEnded: boolean;
  /** The keys of actors whose children are hidden. Default: none. */
  readonly collapsed?: ReadonlySet<string>;
}

/**
 * The status: `active`, `done`, `error`, `stopped`; `disconnected` if its program is; for ended tasks of a pool their
 * outcome.
 */
export function statusOf(
  history: History,
  { program }: ActorRecord,
  moment: ActorMoment,
  seq: number,
): string {
  const { status } = moment.snapshot ?? {};
  const text = typeof status === 'string' ? status : 'active';
  const { outcome } = (moment.snapshot?.context ?? {}) as { readonly outcome?: unknown };
  if (text === 'done' && typeof outcome === 'string') return outcome;
  return text === 'active' && history.isClosed(program, seq) ? 'disconnected' : text;
}

/** The number of actors, and of active ones. */
export function countActors(
  history: History,
  seq: number,
): { readonly all: number; readonly active: number } {
  let [all, active] = [0, 0];
  for (const actor of history.actors.values()) {
    if (actor.since > seq) continue;
    all++;
    if (statusOf(history, actor, actor.at(seq), seq) === 'active') active++;
  }
  return { all, active };
}

/** The maximum depth of the tree; deeper actors are not listed. */
const MAX_DEPTH = 200;

/** Programs are rows only if there is more than one. */
export function rowsOf(history: History, options: TreeOptions): readonly Row[] {
  const { seq } = options;
  const programs = new Set<number>();
  const roots: ActorRecord[] = [];
  const children = new Map<string, ActorRecord[]>();
  for (const actor of history.actors.values()) {
    if (actor.since > seq) continue;
    programs.add(actor.program);
    const { parentKey } = actor;
    if (parentKey === undefined || !history.actors.has(parentKey)) roots.push(actor);
    else {
      const siblings = children.get(parentKey);
      if (siblings === undefined) children.set(parentKey, [actor]);
      else siblings.push(actor);
    }
  }
  const rows: Row[] = [];
  const add = (actor: ActorRecord, depth: number): void => {
    const moment = actor.at(seq);
    const inside = children.get(actor.key) ?? [];
    // A search also finds actors whose parents are collapsed.
    const isCollapsed = options.search === '' && options.collapsed?.has(actor.key) === true;
    const status = statusOf(history, actor, moment, seq);
    const row = { actor, depth, moment, status, numChildren: inside.length, isCollapsed };
    if (isShown(row, options)) rows.push(row);
    if (!isCollapsed && depth < MAX_DEPTH) for (const child of inside) add(child, depth + 1);
  };
  for (const program of programs) {
    if (programs.size > 1) rows.push({ program, isClosed: history.isClosed(program, seq) });
    for (const root of roots) if (root.program === program) add(root, 0);
  }
  return rows;
}

function isShown(
  { actor, moment, status }: ActorRow,
  { search, hidesEnded }: TreeOptions,
): boolean {
  if (hidesEnded && status !== 'active') return false;
  if (search === '') return true;
  const text = `${actor.id} ${actor.name} ${actor.sessionId} ${stateText(moment.snapshot?.value)} ${status}`;
  return text.toLowerCase().includes(search.toLowerCase());
}
