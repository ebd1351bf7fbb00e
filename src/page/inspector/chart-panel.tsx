/** The chart of the selected actor: its active states, and the transitions that led there. */

import type { JSX } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { labelOf } from '../../charts/labels.ts';
import { shapesOf } from '../../charts/picture.ts';
import { Button, Empty, Panel } from '../ui/controls.tsx';
import { plain } from '../ui/format.ts';
import { useSize } from '../ui/hooks.ts';
import { usePan } from '../ui/pan.ts';
import { Scroll } from '../ui/scroll.tsx';
import { StateChart, type StateLook } from '../ui/state-chart.tsx';
import { useModel } from './context.ts';
import { type ActorRecord, stateText } from './data/actor-record.ts';
import { chartOf, type DrawnChart } from './data/chart.ts';
import { eventType } from './data/messages.ts';
import { poolOf } from './data/pool.ts';
import { type StateOfChart, stateOfChart } from './data/state-of-chart.ts';
import { PoolStrip } from './pool-strip.tsx';
import { SaveButtons } from './save.tsx';

/** The limits of the scale of a fitted chart: outside of them it is hard to read. */
const [LEAST, MOST] = [0.66, 1.35];
const STEP = 1.25;
const MARGIN = 12;

/** Readable scale or whole chart, and the additional zoom factor. */
interface Zoom {
  readonly isWhole: boolean;
  readonly factor: number;
}

export function ChartPanel(): JSX.Element {
  const model = useModel();
  const { selected, seq, isExpanded } = model;
  const [zoom, setZoom] = useState<Zoom>({ isWhole: false, factor: 1 });
  const chart = selected && chartOf(selected.definition);
  const moment = selected?.at(seq);
  const pool = moment && poolOf(moment);
  const type = eventType(moment?.event);
  const drawn = typeof chart === 'object' ? chart : undefined;
  const scaleBy = (by: number): void => setZoom({ ...zoom, factor: zoom.factor * by });
  return (
    <Panel
      class="chart-panel"
      title={pool?.name ?? selected?.name ?? 'Chart'}
      label="Chart"
      right={
        <>
          {type !== '' && (
            <span class="last-event mono" title={`The event that led here: ${plain(type)}`}>
              {plain(labelOf({ type, guard: undefined }))}
            </span>
          )}
          {selected !== undefined && drawn !== undefined && (
            <>
              <span class="group">
                <Button label="Smaller" onClick={() => scaleBy(1 / STEP)}>
                  −
                </Button>
                <Button
                  title="Show all of it"
                  pressed={zoom.isWhole}
                  onClick={() => setZoom({ isWhole: !zoom.isWhole, factor: 1 })}
                >
                  Fit
                </Button>
                <Button label="Larger" onClick={() => scaleBy(STEP)}>
                  +
                </Button>
              </span>
              <SaveButtons what="the chart" picture={() => pictureOf(selected, drawn, seq)} />
              <Button
                title="F"
                pressed={isExpanded.value}
                onClick={() => {
                  isExpanded.value = !isExpanded.value;
                }}
              >
                Expand
              </Button>
            </>
          )}
        </>
      }
    >
      {pool !== undefined && selected !== undefined && <PoolStrip pool={pool} actor={selected} />}
      {selected !== undefined && drawn !== undefined ? (
        <Drawn actor={selected} drawn={drawn} zoom={zoom} />
      ) : (
        <Empty title="No chart">
          {typeof chart === 'string'
            ? `The machine of this actor cannot be drawn: ${chart}`
            : 'This actor is no state machine: its values and events are all there is to see.'}
        </Empty>
      )}
      {drawn?.flaw !== undefined && <p class="flaw">{drawn.flaw}</p>}
    </Panel>
  );
}

/** The shown chart as a picture for a file. */
function pictureOf(actor: ActorRecord, { chart, drawing }: DrawnChart, seq: number) {
  const { active, taken, answered } = stateOfChart(actor, chart, seq);
  const shapes = shapesOf(
    drawing,
    ({ state: { id } }) => ({ active: active.has(id), answered: eventOf(id, answered) }),
    ({ transition }) => ({ heat: taken.has(transition) ? 1 : 0 }),
  );
  const { width, height } = drawing;
  return { name: actor.name, shapes, width, height };
}

interface DrawnProps {
  readonly actor: ActorRecord;
  readonly drawn: DrawnChart;
  readonly zoom: Zoom;
}

function Drawn({ actor, drawn, zoom }: DrawnProps): JSX.Element {
  const { chart, drawing } = drawn;
  const [ref, size] = useSize<HTMLDivElement>();
  const shown = stateOfChart(actor, chart, useModel().seq);
  const fit = Math.min(
    (size.width - MARGIN) / drawing.width,
    (size.height - MARGIN) / drawing.height,
    MOST,
  );
  const scale = (zoom.isWhole ? fit : Math.max(LEAST, fit)) * zoom.factor;
  const state = stateText(shown.value);
  useLayoutEffect(() => {
    const room = ref.current?.querySelector('.scroll');
    const innermost = Array.from(ref.current?.querySelectorAll('.state.active') ?? []).at(-1);
    if (room && innermost) reveal(room, innermost);
  }, [actor, state, scale]);
  usePan(ref);
  return (
    <div class="chart-room" ref={ref}>
      <Scroll label="The chart" class="chart-scroll">
        {size.width > 0 && (
          <div
            class="chart-size"
            style={{ width: `${drawing.width * scale}px`, height: `${drawing.height * scale}px` }}
          >
            <StateChart
              drawing={drawing}
              label={`The chart of ${actor.name}. ${state === '' ? 'No state is known.' : `It is in ${state}.`}`}
              {...looksOf(shown)}
            />
          </div>
        )}
      </Scroll>
    </div>
  );
}

function eventOf(id: string, answered: StateOfChart['answered']): StateLook['answered'] {
  return answered?.state === id ? answered.event : undefined;
}

function looksOf({
  active,
  taken,
  answered,
  since,
}: StateOfChart): Pick<Parameters<typeof StateChart>[0], 'stateLook' | 'arcLook'> {
  return {
    stateLook: ({ id }) => ({ active: active.has(id), answered: eventOf(id, answered) }),
    arcLook: ({ transition }) => (taken.has(transition) ? { heat: 1, pulse: since } : {}),
  };
}

/** Scrolls a container until an element in it is visible, without scrolling anything else. */
function reveal(room: Element, inside: Element): void {
  const [outer, inner] = [room.getBoundingClientRect(), inside.getBoundingClientRect()];
  room.scrollBy(
    toSight(inner.left - outer.left, inner.right - outer.right),
    toSight(inner.top - outer.top, inner.bottom - outer.bottom),
  );
}

/** The scroll distance, given the distances beyond the start and the end. */
function toSight(start: number, end: number): number {
  if (start < MARGIN) return start - MARGIN;
  return end > -MARGIN ? end + MARGIN : 0;
}
