/**
 * Finds the live processes of a group. An ended process stays in its group until its parent reaps it; where that is a
 * process 1 that never does, as in many containers, it stays forever. `kill` does not distinguish such zombies from
 * live processes, but `/proc` does, where it exists.
 */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Live processes by group, at some moment. */
interface Table {
  readonly at: number;
  readonly members: ReadonlyMap<number, readonly string[]>;
}

let latest: Table | undefined;

export class GroupMembers {
  readonly #pgid: number;
  /** The members that were alive at the last check. */
  #known: readonly string[] = [];
  #lookedAt = performance.now();

  constructor(pgid: number) {
    this.#pgid = pgid;
  }

  /** Whether any member is alive; true where that cannot be determined. */
  get areAlive(): boolean {
    const own = ownNamespace();
    if (own === undefined) return true;
    this.#known = this.#known.filter((pid) => groupOf(pid, own) === this.#pgid);
    if (this.#known.length === 0) {
      // A member that ended since then may have left children; every later table lists them.
      this.#known = tableSince(this.#lookedAt, own).get(this.#pgid) ?? [];
    }
    this.#lookedAt = performance.now();
    return this.#known.length > 0;
  }
}

/** The position of this process among nested PID namespaces, as `/proc` counts them. */
interface Namespace {
  readonly depth: number;
  readonly link: string;
}

let own: { readonly namespace: Namespace | undefined } | undefined;

function ownNamespace(): Namespace | undefined {
  own ??= { namespace: readNamespace() };
  return own.namespace;
}

function readNamespace(): Namespace | undefined {
  try {
    const groups = groupsIn(readFileSync('/proc/self/status', 'latin1'));
    const link = readlinkSync('/proc/self/ns/pid');
    return groups === undefined ? undefined : { depth: groups.length - 1, link };
  } catch {
    return undefined;
  }
}

function tableSince(moment: number, namespace: Namespace): Table['members'] {
  if (latest === undefined || latest.at < moment) {
    latest = { at: performance.now(), members: readTable(namespace) };
  }
  return latest.members;
}

function readTable(namespace: Namespace): Map<number, string[]> {
  const members = new Map<number, string[]>();
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const pgid = groupOf(pid, namespace);
    if (pgid === undefined) continue;
    const group = members.get(pgid);
    if (group === undefined) members.set(pgid, [pid]);
    else group.push(pid);
  }
  return members;
}

/** The group of a process, as numbered in our namespace; undefined if the process has ended. */
function groupOf(pid: string, { depth, link }: Namespace): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    if (/^State:\s+[ZX]/m.test(status)) return undefined;
    const groups = groupsIn(status);
    // Other processes of the same depth may be in a sibling namespace.
    const isElsewhere =
      depth > 0 && groups?.length === depth + 1 && readlinkSync(`/proc/${pid}/ns/pid`) !== link;
    return isElsewhere ? undefined : groups?.[depth];
  } catch {
    // The process has ended.
    return undefined;
  }
}

/** The group number in each namespace of a process, the outermost first. */
function groupsIn(status: string): number[] | undefined {
  return /^NSpgid:\s+(.*)$/m.exec(status)?.[1]?.trim().split(/\s+/).map(Number);
}
