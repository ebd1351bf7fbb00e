/** What is active in the chart of an actor after some message, and how it got there. */

import type { Chart, ChartTransition } from '../../../charts/chart.ts';
import type { ActorRecord } from './actor-record.ts';
import { activeStates, takenTransitions } from './chart.ts';
import { eventType } from './messages.ts';

export interface StateOfChart {
  readonly value: unknown;
  /** Ids of states. */
  readonly active: ReadonlySet<string>;
  /** The transitions that led there. */
  readonly taken: ReadonlySet<ChartTransition>;
  /** The message that said so. */
  readonly since: number;
}

export function stateOfChart(actor: ActorRecord, chart: Chart, seq: number): StateOfChart {
  const { snapshot, before, event, since } = actor.at(seq);
  const active = activeStates(chart, snapshot?.value);
  const from = activeStates(chart, before?.value);
  const taken = takenTransitions(chart, from, active, event && eventType(event));
  return { value: snapshot?.value, active, taken, since };
}
