/** The chart of the selected actor: what is active, and the transition that led there. */

import type { JSX } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { Button, Empty, Panel } from '../ui/controls.tsx';
import { useSize } from '../ui/hooks.ts';
import { Scroll } from '../ui/scroll.tsx';
import { StateChart } from '../ui/state-chart.tsx';
import { useModel } from './context.ts';
import { type ActorRecord, stateText } from './data/actor-record.ts';
import { activeStates, chartOf, type DrawnChart, takenTransitions } from './data/chart.ts';
import { eventType } from './data/messages.ts';

/** Larger or smaller than that, a chart that fits its panel is hard to read. */
const [LEAST, MOST] = [0.66, 1.35];
const STEP = 1.25;
const MARGIN = 12;

export function ChartPanel(): JSX.Element {
  const { selected, seq } = useModel();
  const [zoom, setZoom] = useState(1);
  const chart = selected && chartOf(selected.definition);
  const isDrawn = typeof chart === 'object';
  const type = eventType(selected?.at(seq).event);
  return (
    <Panel
      class="chart-panel"
      title={selected?.name ?? 'Chart'}
      label="Chart"
      right={
        <>
          {type !== '' && <span class="last-event mono">{type}</span>}
          {isDrawn && (
            <span class="zoom">
              <Button label="Smaller" onClick={() => setZoom(zoom / STEP)}>
                −
              </Button>
              <Button title="Fit the panel" onClick={() => setZoom(1)}>
                Fit
              </Button>
              <Button label="Larger" onClick={() => setZoom(zoom * STEP)}>
                +
              </Button>
            </span>
          )}
        </>
      }
    >
      {selected !== undefined && isDrawn ? (
        <Drawn actor={selected} drawn={chart} zoom={zoom} />
      ) : (
        <Empty title="No chart">
          {typeof chart === 'string'
            ? `The machine of this actor cannot be read: ${chart}`
            : 'This actor is no state machine: its values and events are all there is to see.'}
        </Empty>
      )}
    </Panel>
  );
}

interface DrawnProps {
  readonly actor: ActorRecord;
  readonly drawn: DrawnChart;
  readonly zoom: number;
}

function Drawn({ actor, drawn, zoom }: DrawnProps): JSX.Element {
  const { chart, drawing } = drawn;
  const [ref, size] = useSize<HTMLDivElement>();
  const { snapshot, before, event } = actor.at(useModel().seq);
  const active = activeStates(chart, snapshot?.value);
  const taken = takenTransitions(
    chart,
    activeStates(chart, before?.value),
    active,
    event && eventType(event),
  );
  const fit = Math.min(
    (size.width - MARGIN) / drawing.width,
    (size.height - MARGIN) / drawing.height,
  );
  const scale = Math.max(LEAST, Math.min(MOST, fit)) * zoom;
  const state = stateText(snapshot?.value);
  useLayoutEffect(() => {
    const room = ref.current?.querySelector('.scroll');
    const innermost = Array.from(ref.current?.querySelectorAll('.state.active') ?? []).at(-1);
    if (room && innermost) reveal(room, innermost);
  }, [actor, state, scale]);
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
              stateLook={({ id }) => ({ active: active.has(id) })}
              arcLook={({ transition }) => ({ heat: taken.has(transition) ? 1 : 0 })}
            />
          </div>
        )}
      </Scroll>
    </div>
  );
}

/** Scrolls what is within a room into sight, and nothing around the room. */
function reveal(room: Element, inside: Element): void {
  const [outer, inner] = [room.getBoundingClientRect(), inside.getBoundingClientRect()];
  room.scrollBy(
    toSight(inner.left - outer.left, inner.right - outer.right),
    toSight(inner.top - outer.top, inner.bottom - outer.bottom),
  );
}

/** By how much to scroll, from how far it is beyond the beginning and the end. */
function toSight(start: number, end: number): number {
  if (start < MARGIN) return start - MARGIN;
  return end > -MARGIN ? end + MARGIN : 0;
}
