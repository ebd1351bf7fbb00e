/** The chart of tasks: the number of tasks in each state, and the transitions they take. */

import type { JSX } from 'preact';
import type { ChartState, ChartTransition } from '../../../charts/chart.ts';
import type { Drawing, PlacedArc } from '../../../charts/drawing.ts';
import { layOut } from '../../../charts/layout.ts';
import { count, duration, rate } from '../../ui/format.ts';
import { type ArcLook, StateChart, type StateLook } from '../../ui/state-chart.tsx';
import { useModel } from '../context.ts';
import { type StateCounts, stateNameOf } from '../data/moment.ts';
import { pathOf } from '../data/path.ts';
import { taskSteps } from '../data/reel.ts';
import { TEXT_SIZE, useIsNarrow } from './arrangement.ts';
import { nextRetry } from './next-retry.ts';

/** Waiting states on the left, running ones in the middle, final ones on the right. */
const RANKS = new Map([
  ['task.queued', 0],
  ['task.delayed', 0],
  ['task.running', 1],
  ['task.cancelled', 2],
  ['task.ended', 2],
]);

/** Frequent transitions, which are drawn with names and rates; others with neither. */
const OFTEN = new Set([
  'task.queued task.running',
  'task.running task.ended',
  'task.running task.cancelled',
  'task.running task.delayed',
  'task.delayed task.queued',
]);

const BOX = { width: 100, height: 46 };
/** Its note is longer. */
const DELAYED_BOX = { width: 124, height: 46 };
const INNER_BOX = { width: 128, height: 28 };

const isOften = ({ from, to }: ChartTransition): boolean => OFTEN.has(`${from} ${to}`);

const namesOf = ({ events }: ChartTransition): string[] =>
  events.map(({ type }) => type.slice(type.indexOf('.') + 1));

function drawnFor(proportion: number): Drawing {
  return layOut(taskSteps.chart, {
    proportion,
    margin: 4,
    textSize: TEXT_SIZE,
    ranks: { task: RANKS },
    linesBelow: 1,
    linesOf: (transition) => (isOften(transition) ? [...namesOf(transition), '9.9/s'] : []),
    sizeOf: ({ id }) => {
      if (id.startsWith('task.running.')) return INNER_BOX;
      return id === 'task.delayed' ? DELAYED_BOX : BOX;
    },
  });
}

/** To the right, and downwards on a phone. */
const wide = drawnFor(1.65);
const narrow = drawnFor(0.6);

const COLORS: Readonly<Record<string, string>> = {
  delayed: 'delayed',
  cancelling: 'cancelling',
  timedOut: 'delayed',
};

export function TaskChart(): JSX.Element | null {
  const model = useModel();
  const drawing = useIsNarrow() ? narrow : wide;
  const moment = model.shown.value;
  if (moment === undefined) return null;
  const now = model.now();
  const counts = moment.counts();
  const lately = moment.reel.taskFlow.lately(now);
  const most = Math.max(1, ...lately.values());
  const id = model.task.value;
  const selected = id === undefined ? undefined : moment.state.tasks.get(id);
  const path = id === undefined ? undefined : pathOf(moment, id);
  const taken = new Set(path?.steps.map(({ arc }) => arc));
  const here = selected === undefined ? undefined : stateNameOf(selected);
  const retry = counts.numDelayed === 0 ? undefined : nextRetry(moment.state, now);

  const stateLook = (state: ChartState): StateLook => {
    const name = state.name === 'active' ? 'running' : state.name;
    const isInner = state.id.startsWith('task.running.');
    const number = state.id === 'task.running' ? counts.numRunning : (counts.states[name] ?? 0);
    return {
      active: state.states.length === 0 && number > 0 && state.kind !== 'final',
      color: number > 0 ? COLORS[name] : undefined,
      note: isInner ? count(number) : noteOf(state, counts, moment.state.poolSize, retry),
      beside: isInner || state.id === 'task.running',
      marked: here === name && state.states.length === 0,
    };
  };
  const arcLook = ({ transition }: PlacedArc): ArcLook => {
    const arc = taskSteps.chart.transitions.indexOf(transition);
    const times = lately.get(arc) ?? 0;
    const isNamed = isOften(transition) || times > 0;
    return {
      heat: times === 0 ? 0 : Math.max(0.15, times / most),
      lines: isNamed ? namesOf(transition) : [],
      below: times === 0 ? undefined : `${rate(times)}/s`,
      marked: taken.has(arc),
    };
  };
  const listed = (state: ChartState): void => {
    model.tasksOf(state.name === 'active' ? 'running' : state.name);
  };
  return (
    <StateChart
      drawing={drawing}
      label={`The task chart. ${summary(counts)}`}
      stateLook={stateLook}
      arcLook={arcLook}
      onSelect={listed}
    />
  );
}

function noteOf(
  { id }: ChartState,
  counts: StateCounts,
  size: number,
  retry: number | undefined,
): string {
  switch (id) {
    case 'task.running':
      return Number.isFinite(size)
        ? `${count(counts.numRunning)} of ${count(size)}`
        : count(counts.numRunning);
    case 'task.delayed':
      // More does not fit into the box.
      if (retry === undefined || retry >= 60_000 || counts.numDelayed > 9) {
        return `${count(counts.numDelayed)} now`;
      }
      return `${counts.numDelayed}, next ${duration(Math.max(1000, retry))}`;
    case 'task.ended':
      return count(counts.fulfilled + counts.rejected + counts.cancelled);
    case 'task.queued':
      return `${count(counts.numQueued)} now`;
    default:
      return `${count(counts.numCancelled)} now`;
  }
}

function summary({ states }: StateCounts): string {
  return Object.entries(states)
    .map(([name, number]) => `${name}: ${number}`)
    .join(', ');
}
