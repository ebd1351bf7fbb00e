/** The sequence diagram: lanes of actors with the events between them. */

import type { JSX, TargetedEvent } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Link } from '../ui/controls.tsx';
import { clock, plural } from '../ui/format.ts';
import { useSize } from '../ui/hooks.ts';
import { elementOf } from '../ui/shapes.tsx';
import { useModel } from './context.ts';
import type { Call, Sequence } from './data/sequence.ts';
import { LEAST_LANE, ROW, shapeOfCall, shapesOfLanes } from './data/sequence-picture.ts';

const BEYOND = 6;
const TIME = 96;

export function SequenceView({ sequence }: { readonly sequence: Sequence }): JSX.Element {
  const model = useModel();
  const { lanes, calls, numLeftOut } = sequence;
  const [ref, size] = useSize<HTMLElement>();
  const [top, setTop] = useState(0);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    if (ref.current !== null && isAtEnd.current) ref.current.scrollTop = ref.current.scrollHeight;
  });
  const laneWidth = Math.max(LEAST_LANE, Math.floor((size.width - TIME) / lanes.length));
  const first = Math.max(0, Math.floor(top / ROW) - BEYOND);
  const last = Math.min(calls.length, Math.ceil((top + size.height) / ROW) + BEYOND);
  const width = lanes.length * laneWidth;
  const part = { first, last, laneWidth };
  const scrolled = (event: TargetedEvent<HTMLElement>): void => {
    const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
    isAtEnd.current = scrollTop + clientHeight > scrollHeight - ROW;
    setTop(scrollTop);
  };
  return (
    <section
      class="scroll sequence"
      ref={ref}
      onScroll={scrolled}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
      tabIndex={0}
      aria-label="The sequence of events"
    >
      <div class="lanes" style={{ width: `${TIME + width}px`, paddingLeft: `${TIME}px` }}>
        {lanes.map(({ actor, name }) => (
          <span key={actor?.key ?? ''} style={{ width: `${laneWidth}px` }} title={name}>
            {actor === undefined ? (
              <span class="soft">{name}</span>
            ) : (
              <Link onClick={() => model.select(actor.key)}>{name}</Link>
            )}
          </span>
        ))}
      </div>
      {numLeftOut > 0 && (
        <p class="left-out warn">
          {lanes.length} of {plural(lanes.length + numLeftOut, 'actor')} are drawn; choose one to
          see its events.
        </p>
      )}
      <div class="calls" style={{ width: `${TIME + width}px`, height: `${calls.length * ROW}px` }}>
        <svg
          style={{ top: `${first * ROW}px`, left: `${TIME}px` }}
          width={width}
          height={Math.max(0, last - first) * ROW}
          role="img"
          aria-label={`${plural(calls.length, 'event')} between ${plural(lanes.length, 'actor')}. The same are in the list.`}
        >
          {shapesOfLanes(lanes, part).map((shape, place) => elementOf(shape, String(place)))}
        </svg>
        {calls.slice(first, last).map((call, place) => (
          <Row
            key={call.entry.seq}
            call={call}
            row={first + place}
            laneWidth={laneWidth}
            width={width}
          />
        ))}
      </div>
    </section>
  );
}

interface RowProps {
  readonly call: Call;
  readonly row: number;
  readonly laneWidth: number;
  readonly width: number;
}

function Row({ call, row, laneWidth, width }: RowProps): JSX.Element {
  const model = useModel();
  const { seq, at } = call.entry;
  const isCurrent = model.pausedAt.value === seq;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the same is in the list, for the keyboard.
    // biome-ignore lint/a11y/noStaticElementInteractions: as above.
    <div
      class={isCurrent ? 'row current' : 'row'}
      style={{ top: `${row * ROW}px`, height: `${ROW}px` }}
      onClick={() => model.goTo(seq)}
      title={call.name}
    >
      <span class="mono soft">{clock(at)}</span>
      <svg width={width} height={ROW} aria-hidden="true">
        {elementOf(shapeOfCall(call, 0, laneWidth))}
      </svg>
    </div>
  );
}
