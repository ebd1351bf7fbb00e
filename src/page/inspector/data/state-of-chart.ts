/** The active states in the chart of an actor after a message, and how they were reached. */

import type { Chart, ChartTransition } from '../../../charts/chart.ts';
import type { ActorRecord } from './actor-record.ts';
import { eventType } from './messages.ts';
import { type Answered, activeStates, answeredWithin, takenTransitions } from './taken.ts';

export interface StateOfChart {
  readonly value: unknown;
  /** Ids of states. */
  readonly active: ReadonlySet<string>;
  /** The transitions that led there. */
  readonly taken: ReadonlySet<ChartTransition>;
  /** The event that a state has handled without being left, if no transition was taken. */
  readonly answered: Answered | undefined;
  /** The message with the snapshot. */
  readonly since: number;
}

export function stateOfChart(actor: ActorRecord, chart: Chart, seq: number): StateOfChart {
  const { snapshot, before, event, since } = actor.at(seq);
  const active = activeStates(chart, snapshot?.value);
  const step = {
    before: activeStates(chart, before?.value),
    after: active,
    type: event && eventType(event),
  };
  const taken = takenTransitions(chart, step);
  const answered = taken.size > 0 ? undefined : answeredWithin(chart, step);
  return { value: snapshot?.value, active, taken, answered, since };
}
