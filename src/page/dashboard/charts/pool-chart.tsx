/** The chart of the pool, with its current state. */

import type { JSX } from 'preact';
import type { ChartTransition } from '../../../charts/chart.ts';
import type { Drawing, PlacedArc } from '../../../charts/drawing.ts';
import { layOut } from '../../../charts/layout.ts';
import { StateChart } from '../../ui/state-chart.tsx';
import { useModel } from '../context.ts';
import { poolSteps } from '../data/reel.ts';
import { TEXT_SIZE, useIsNarrow } from './arrangement.ts';

const namesOf = ({ events }: ChartTransition): string[] =>
  events.map(({ type }) => type.slice('pool.'.length));

function drawnIn(columns: Readonly<Record<string, number>>): Drawing {
  return layOut(poolSteps.chart, {
    proportion: 7,
    margin: 2,
    textSize: TEXT_SIZE,
    ranks: { pool: new Map(Object.entries(columns)) },
    linesOf: namesOf,
    sizeOf: ({ name }) => ({ width: Math.max(54, name.length * 9 + 16), height: 28 }),
  });
}

/** Side by side, and in fewer columns on a phone. */
const wide = drawnIn({ 'pool.open': 0, 'pool.locked': 1, 'pool.closing': 2, 'pool.closed': 3 });
const narrow = drawnIn({ 'pool.open': 0, 'pool.locked': 1, 'pool.closing': 1, 'pool.closed': 2 });

export function PoolChart(): JSX.Element | null {
  const model = useModel();
  const drawing = useIsNarrow() ? narrow : wide;
  const moment = model.shown.value;
  if (moment === undefined) return null;
  const { status } = moment.state;
  const lately = moment.reel.poolFlow.lately(model.now());
  const heat = ({ transition }: PlacedArc): number =>
    lately.has(poolSteps.chart.transitions.indexOf(transition)) ? 1 : 0;
  return (
    <StateChart
      drawing={drawing}
      label={`The pool chart. The pool is ${status}.`}
      stateLook={({ name }) => ({ active: name === status, note: '', beside: true })}
      arcLook={(arc) => ({
        heat: heat(arc),
        lines: namesOf(arc.transition),
      })}
    />
  );
}
