/** Compiles the charts of users, which are checked, and whose actors may begin with any snapshot. */

import type { ActorLogic, AnyStateMachine } from 'xstate';
import { checkChart } from './check-chart.ts';
import {
  type CompiledChart,
  type CompiledLogic,
  type Context,
  type Loose,
  tabulated,
} from './tabulate.ts';

export { type CompiledChart, type CompiledLogic, REFUSED } from './tabulate.ts';

/**
 * Compiles a chart. The code of an event is its place in `eventTypes`.
 *
 * @throws ChartNotCompilable if the chart uses a feature that a table cannot express: parallel or history states,
 * guards, delays, invocations, entry and exit actions, wildcards, several targets, or any action other than `assign`.
 */
export function compile<M extends AnyStateMachine>(
  machine: M,
  eventTypes: readonly string[],
): CompiledChart<M> {
  checkChart(machine, eventTypes);
  const { chart, leaves, snapshots } = tabulated(machine, eventTypes);
  const values = leaves.map(({ value }) => JSON.stringify(value));

  /** A snapshot of the machine itself, or one that was persisted, as one of the compiled logic. */
  function owned(snapshot: object): Loose {
    const { value, context, status, output, error } = snapshot as Loose;
    if (snapshots().codeOf(snapshot) !== undefined) return snapshot as Loose;
    const code = values.indexOf(JSON.stringify(value));
    if (code < 0) {
      throw new RangeError(`expected a state of '${machine.id}', got ${JSON.stringify(value)}`);
    }
    return { ...snapshots().make(code, context), status, output, error } as Loose;
  }

  const logic = chart.logic as unknown as ActorLogic<Loose, { type: string }, unknown>;
  const complete: typeof logic = {
    ...logic,
    transition(snapshot, event, scope) {
      const own = owned(snapshot);
      const next = logic.transition(own, event, scope);
      return next === own ? snapshot : next;
    },
    getInitialSnapshot: (scope, input) =>
      logic.getInitialSnapshot(scope, contextOf(machine, input)),
    restoreSnapshot: owned,
  };
  return { ...chart, logic: complete as unknown as CompiledLogic<M> };
}

function contextOf(machine: AnyStateMachine, input: unknown): Context {
  const { context } = machine.config as { context?: Context | ((args: object) => Context) };
  return typeof context === 'function' ? context({ input }) : (context ?? {});
}
