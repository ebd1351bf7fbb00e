/** A chart of `src/charts`, drawn as SVG. */

import type { ComponentChildren, JSX } from 'preact';
import type { ChartState } from '../../charts/chart.ts';
import type { Drawing, PlacedArc } from '../../charts/drawing.ts';
import {
  type ArcLook,
  HEADS,
  type StateLook,
  shapeOfArc,
  shapeOfStart,
  shapeOfState,
} from '../../charts/picture.ts';
import { elementOf } from './shapes.tsx';

export type { ArcLook, StateLook } from '../../charts/picture.ts';

interface StateChartProps {
  readonly drawing: Drawing;
  readonly label: string;
  readonly stateLook?: (state: ChartState) => StateLook;
  readonly arcLook?: (arc: PlacedArc) => ArcLook;
  readonly onSelect?: ((state: ChartState) => void) | undefined;
  readonly children?: ComponentChildren;
}

export function StateChart(props: StateChartProps): JSX.Element {
  const { drawing, label, onSelect } = props;
  const stateLook = props.stateLook ?? ((): StateLook => ({}));
  const arcLook = props.arcLook ?? ((): ArcLook => ({}));
  const { width, height, states, arcs, starts } = drawing;
  return (
    <svg class="chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {elementOf(HEADS)}
      {states.map((placed) => {
        const shape = elementOf(shapeOfState(placed, stateLook(placed.state)), placed.state.id);
        if (onSelect === undefined) return shape;
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the same is in the lists, for the keyboard.
          <g key={placed.state.id} class="choice" onClick={() => onSelect(placed.state)}>
            {shape}
          </g>
        );
      })}
      {starts.map((start) => elementOf(shapeOfStart(start), start.of))}
      {arcs.map((arc) => {
        const { from, to } = arc.transition;
        const look = arcLook(arc);
        // A new key restarts the animation along the arc.
        return elementOf(shapeOfArc(arc, look), `${from} ${to} ${look.pulse ?? ''}`);
      })}
      {props.children}
    </svg>
  );
}
