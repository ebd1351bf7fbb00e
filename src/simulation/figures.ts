/** Computes the figures of a run: its duration, the utilisation of slots, and waiting times. */

/** How long tasks waited from arrival to their first start: percentiles in milliseconds. */
export interface Waiting {
  /** The median. */
  readonly p50: number;
  /** The time that 95 % of the tasks did not exceed. */
  readonly p95: number;
}

/** The figures of a group of tasks. */
export interface GroupFigures {
  /** The number of tasks. */
  readonly tasks: number;
  /** Milliseconds from the arrival of the first task to the end of the last one. */
  readonly makespan: number;
  /** How long its tasks waited for their first start. */
  readonly waiting: Waiting;
}

/** The figures of a whole pool. */
export interface RunFigures extends GroupFigures {
  /** The share of time in which slots were used, from 0 to 1; undefined for a pool without a size. */
  readonly utilisation: number | undefined;
  /** The figures by group name. */
  readonly groups: Readonly<Record<string, GroupFigures>>;
}

/** The arrival, first start and end of a task, in milliseconds. */
export interface Times {
  readonly group: string;
  readonly arrivedAt: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** How long it held a slot, in milliseconds. */
  readonly ran: number;
}

/** The size of a pool from a time on. */
export interface SizeFrom {
  readonly at: number;
  readonly size: number;
}

export function runFigures(tasks: readonly Times[], sizes: readonly SizeFrom[]): RunFigures {
  const byGroup = new Map<string, Times[]>();
  for (const task of tasks) {
    const group = byGroup.get(task.group);
    if (group === undefined) byGroup.set(task.group, [task]);
    else group.push(task);
  }
  return {
    ...figuresOf(tasks),
    utilisation: utilisationOf(tasks, sizes),
    groups: Object.fromEntries([...byGroup].map(([name, group]) => [name, figuresOf(group)])),
  };
}

function figuresOf(tasks: readonly Times[]): GroupFigures {
  const waits = tasks.map(({ arrivedAt, startedAt }) => startedAt - arrivedAt);
  waits.sort((one, other) => one - other);
  const { from, to } = spanOf(tasks);
  const waiting = { p50: quantile(waits, 0.5), p95: quantile(waits, 0.95) };
  return { tasks: tasks.length, makespan: to - from, waiting };
}

function spanOf(tasks: readonly Times[]): { readonly from: number; readonly to: number } {
  if (tasks.length === 0) return { from: 0, to: 0 };
  const from = tasks.reduce((least, task) => Math.min(least, task.arrivedAt), Infinity);
  return { from, to: tasks.reduce((most, task) => Math.max(most, task.endedAt), from) };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

function utilisationOf(tasks: readonly Times[], sizes: readonly SizeFrom[]): number | undefined {
  const { from, to } = spanOf(tasks);
  let slotTime = 0;
  for (const [place, { at, size }] of sizes.entries()) {
    const until = Math.min(to, sizes[place + 1]?.at ?? to);
    const duration = until - Math.max(from, at);
    if (duration > 0) slotTime += duration * size;
  }
  if (!Number.isFinite(slotTime) || slotTime === 0) return undefined;
  return tasks.reduce((sum, { ran }) => sum + ran, 0) / slotTime;
}
