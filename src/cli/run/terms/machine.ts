/** `--load` and `--memfree`: nothing starts while the machine has too much to do, or too little memory. */

import { freemem, loadavg } from 'node:os';
import type { LimitOptions, PoolLimit } from '../../../index.ts';

/** How often to look at the machine, in milliseconds. */
const LOOK = 1000;

/** A limit of the pool that follows the machine. */
export interface MachineRule {
  readonly limit: 'load' | 'memory';
  /** What it allows now. */
  allows(): LimitOptions;
}

export interface MachineTerms {
  /** The load from which on nothing starts. */
  readonly load?: number | undefined;
  /** Bytes that have to be free for a start. */
  readonly memfree?: number | undefined;
}

/** What can be seen of the machine. */
export interface Machine {
  loadavg(): number[];
  freemem(): number;
}

const NOTHING: LimitOptions = { concurrent: 0 };

export function machineRules(
  { load, memfree }: MachineTerms,
  machine: Machine = { loadavg, freemem },
): MachineRule[] {
  const rules: MachineRule[] = [];
  if (load !== undefined) {
    const isHigh = () => (machine.loadavg()[0] ?? 0) >= load;
    rules.push({ limit: 'load', allows: () => (isHigh() ? NOTHING : {}) });
  }
  if (memfree !== undefined) {
    const isLow = () => machine.freemem() < memfree;
    rules.push({ limit: 'memory', allows: () => (isLow() ? NOTHING : {}) });
  }
  return rules;
}

/** Lets the limits of a pool follow the machine. Returns what ends that. */
export function followMachine(
  limits: Readonly<Record<string, PoolLimit>>,
  rules: readonly MachineRule[],
): () => void {
  if (rules.length === 0) return () => {};
  const timer = setInterval(() => {
    for (const { limit, allows } of rules) {
      const { concurrent = Number.POSITIVE_INFINITY } = allows();
      const followed = limits[limit];
      if (followed !== undefined) followed.concurrent = concurrent;
    }
  }, LOOK);
  return () => clearInterval(timer);
}
