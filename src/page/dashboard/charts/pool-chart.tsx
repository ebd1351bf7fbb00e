/** The chart of the pool, with its current state. */

import type { JSX } from 'preact';
import type { ChartTransition } from '../../../charts/chart.ts';
import type { PlacedArc } from '../../../charts/drawing.ts';
import { layOut } from '../../../charts/layout.ts';
import { StateChart } from '../../ui/state-chart.tsx';
import { useModel } from '../context.ts';
import { poolSteps } from '../data/reel.ts';

const namesOf = ({ events }: ChartTransition): string[] =>
  events.map(({ type }) => type.slice('pool.'.length));

const drawing = layOut(poolSteps.chart, {
  proportion: 7,
  margin: 6,
  ranks: {
    pool: new Map([
      ['pool.open', 0],
      ['pool.locked', 1],
      ['pool.closing', 2],
      ['pool.closed', 3],
    ]),
  },
  linesOf: namesOf,
  sizeOf: ({ name }) => ({ width: Math.max(56, name.length * 7 + 22), height: 30 }),
});

export function PoolChart(): JSX.Element | null {
  const model = useModel();
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
