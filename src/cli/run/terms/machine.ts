/** `--load` and `--memfree`: start nothing while the machine has a high load, or little free memory. */

import { freemem, loadavg } from 'node:os';
import type { LimitOptions, PoolLimit } from '../../../index.ts';

/** The interval of checking the machine, in milliseconds. */
const LOOK = 1000;

/** A limit of the pool that depends on the machine. */
export interface MachineRule {
  readonly limit: 'load' | 'memory';
  /** The current value of the limit. */
  allows(): LimitOptions;
}

export interface MachineTerms {
  /** Nothing starts while the load average is at least this. */
  readonly load?: number | undefined;
  /** The bytes of memory that must be free for a start. */
  readonly memfree?: number | undefined;
}

/** The figures of the machine. */
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

/** Updates the limits of a pool periodically. Returns a function that ends that. */
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
