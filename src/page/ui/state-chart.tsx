/** A chart of `src/charts`, drawn as SVG. */

import type { ComponentChildren, JSX } from 'preact';
import type { ChartState } from '../../charts/chart.ts';
import { roundedPath } from '../../charts/geometry.ts';
import { labelOf } from '../../charts/labels.ts';
import type { Drawing, PlacedArc, PlacedState } from '../../charts/layout.ts';
import { linesOf } from '../../charts/sizes.ts';

/** How a state is shown. */
export interface StateLook {
  readonly active?: boolean | undefined;
  /** The name of a colour of the style sheet for the border, if not the usual one. */
  readonly color?: string | undefined;
  /** Below the name, or beside it. */
  readonly note?: string | undefined;
  /** Where the note stands. Default: below. */
  readonly beside?: boolean | undefined;
  /** Whether what is selected is in it. */
  readonly marked?: boolean | undefined;
}

/** How an arc is shown. */
export interface ArcLook {
  /** From 0 to 1: whether it was taken a moment ago. */
  readonly heat?: number | undefined;
  /** The lines beside it. Default: the names of its events. */
  readonly lines?: readonly string[] | undefined;
  /** Below the arc, where the lines are above it. */
  readonly below?: string | undefined;
  /** Whether what is selected has taken it. */
  readonly marked?: boolean | undefined;
}

interface StateChartProps {
  readonly drawing: Drawing;
  readonly label: string;
  readonly stateLook?: (state: ChartState) => StateLook;
  readonly arcLook?: (arc: PlacedArc) => ArcLook;
  readonly onSelect?: ((state: ChartState) => void) | undefined;
  readonly children?: ComponentChildren;
}

export function StateChart(props: StateChartProps): JSX.Element {
  const { drawing, label, stateLook = () => ({}), arcLook = () => ({}), onSelect } = props;
  const { width, height, states, arcs, starts } = drawing;
  return (
    <svg class="chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <defs>
        <Head id="head" />
        <Head id="head-hot" />
      </defs>
      {states.map((placed) => (
        <State
          key={placed.state.id}
          placed={placed}
          look={stateLook(placed.state)}
          onSelect={onSelect}
        />
      ))}
      {starts.map(({ of, from, to }) => (
        <g key={of} class="start">
          <circle cx={from.x} cy={from.y} r="3" />
          <path d={roundedPath([from, to], 0)} marker-end="url(#head)" />
        </g>
      ))}
      {arcs.map((arc) => (
        <Arc key={`${arc.transition.from} ${arc.transition.to}`} arc={arc} look={arcLook(arc)} />
      ))}
      {props.children}
    </svg>
  );
}

function Head({ id }: { readonly id: string }): JSX.Element {
  return (
    <marker
      id={id}
      viewBox="0 0 8 8"
      refX="7"
      refY="4"
      markerWidth="6.5"
      markerHeight="6.5"
      orient="auto"
      markerUnits="userSpaceOnUse"
    >
      <path d="M0 0 8 4 0 8z" />
    </marker>
  );
}

interface StateProps {
  readonly placed: PlacedState;
  readonly look: StateLook;
  readonly onSelect: ((state: ChartState) => void) | undefined;
}

function State({ placed, look, onSelect }: StateProps): JSX.Element {
  const { state, x, y, width, height } = placed;
  const { active = false, color, note, beside = false, marked = false } = look;
  const name = state.kind === 'history' ? (state.isDeep ? 'H*' : 'H') : state.name;
  const isWhole = state.states.length > 0;
  const lines = state.kind === 'history' || note !== undefined ? [] : linesOf(state);
  const style = color === undefined ? {} : { stroke: `var(--${color})` };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same is in the lists, for the keyboard.
    <g
      class={classes('state', { active, whole: isWhole, choice: onSelect !== undefined, marked })}
      onClick={onSelect && (() => onSelect(state))}
    >
      <rect
        class={state.kind === 'parallel' ? 'box parallel' : 'box'}
        x={x}
        y={y}
        width={width}
        height={height}
        rx={state.kind === 'history' ? 13 : 7}
        style={style}
      />
      {state.kind === 'final' && (
        <rect
          class="inner"
          x={x + 3}
          y={y + 3}
          width={width - 6}
          height={height - 6}
          rx="5"
          style={style}
        />
      )}
      <text class="name" x={x + 10} y={y + 15} dominant-baseline="central">
        {name}
      </text>
      {note !== undefined && (
        <text
          class="note"
          x={beside ? x + width - 10 : x + 10}
          y={beside ? y + 15 : y + 30}
          text-anchor={beside ? 'end' : 'start'}
          dominant-baseline="central"
        >
          {note}
        </text>
      )}
      {lines.map((line, place) => (
        <text
          key={line}
          class="line"
          x={x + 10}
          y={y + 33 + place * 12}
          dominant-baseline="central"
        >
          {line}
        </text>
      ))}
    </g>
  );
}

function Arc({ arc, look }: { readonly arc: PlacedArc; readonly look: ArcLook }): JSX.Element {
  const { heat = 0, lines = arc.transition.events.map(labelOf), below, marked = false } = look;
  const isHot = heat > 0;
  return (
    <g class={classes('arc', { hot: isHot, marked })}>
      <path
        d={roundedPath(arc.points, 6)}
        marker-end={isHot ? 'url(#head-hot)' : 'url(#head)'}
        style={isHot ? { strokeWidth: 1.2 + 1.6 * heat } : {}}
      />
      <title>{arc.transition.events.map(labelOf).join(', ')}</title>
      {lines.map((line, place) => (
        <text key={line} x={arc.label.x} y={arc.label.y + place * 12} dominant-baseline="central">
          {line}
        </text>
      ))}
      {below !== undefined && (
        <text class="below" x={arc.below.x} y={arc.below.y} dominant-baseline="central">
          {below}
        </text>
      )}
    </g>
  );
}

function classes(name: string, kinds: Readonly<Record<string, boolean>>): string {
  return [name, ...Object.keys(kinds).filter((kind) => kinds[kind])].join(' ');
}
