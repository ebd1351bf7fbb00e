/** The canvas of the stream, painted when something has changed. */

import type { Signal } from '@preact/signals';
import type { JSX, TargetedKeyboardEvent, TargetedPointerEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useMedia, useSize } from '../../ui/hooks.ts';
import { useModel } from '../context.ts';
import type { Reel } from '../data/reel.ts';
import type { Coloring } from './bar-colors.ts';
import { AXIS, areaOf, paintFrame } from './frame.ts';
import { barAt } from './hit.ts';
import { moveBetweenBars } from './move.ts';
import { StreamPainter } from './painter.ts';
import { calmly, withEachFrame } from './repaint.ts';
import { Tip } from './tip.tsx';
import { LAST_MINUTE, panned, type Span, spanOf, type View, zoomed } from './view.ts';

interface StreamProps {
  readonly view: Signal<View>;
  readonly range: Signal<Span | undefined>;
  readonly coloring: Coloring;
  readonly reel: Reel;
}

/** Pixels below which a drag counts as a click. */
const CLICK = 4;

export function Stream({ view, range, coloring, reel }: StreamProps): JSX.Element {
  const model = useModel();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [frame, { width, height }] = useSize<HTMLDivElement>();
  const [hovered, setHovered] = useState<{ bar: number; x: number; y: number } | undefined>();
  const isCalm = useMedia('(prefers-reduced-motion: reduce)');
  const drag = useRef<{ x: number; at: number; moved: boolean } | undefined>(undefined);

  useEffect(() => {
    const painter = new StreamPainter();
    const paint = (): void => {
      if (canvas.current === null) return;
      paintFrame(canvas.current, painter, {
        model,
        size: { width, height },
        reel,
        view: view.peek(),
        range: range.peek(),
        coloring,
      });
    };
    return isCalm
      ? calmly(paint, [view, range, model.task, model.travel.past])
      : withEachFrame(paint);
  }, [model, reel, coloring, isCalm, view, range, width, height]);

  const timeAt = (x: number): number => {
    const { from, to } = spanOf(view.value, model.now());
    return from + ((to - from) * x) / Math.max(1, width);
  };
  const find = (x: number, y: number): number | undefined => {
    const { bars } = reel;
    const area = areaOf(Math.max(1, height - AXIS), bars.lanes, 1);
    if (y > area || bars.lanes === 0) return undefined;
    const { from, to } = spanOf(view.value, model.now());
    const share = StreamPainter.lanesInRow(bars.lanes, area);
    const rows = Math.max(1, Math.ceil(bars.lanes / share));
    const row = Math.min(rows - 1, Math.floor((y / area) * rows));
    const lanes: [number, number] = [
      Math.ceil((row * bars.lanes) / rows),
      Math.ceil(((row + 1) * bars.lanes) / rows) - 1,
    ];
    const tolerance = (2 * (to - from)) / Math.max(1, width);
    return barAt(bars, lanes, timeAt(x), tolerance, model.now());
  };

  // Preact adds passive wheel listeners, which could not keep the page from scrolling.
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const place = event.offsetX / Math.max(1, element.clientWidth);
      const isAside = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      const now = model.now();
      if (isAside) view.value = panned(view.value, now, (event.deltaX || event.deltaY) / 800);
      else view.value = zoomed(view.value, now, Math.exp(event.deltaY / 400), place);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [model, view]);

  const down = (event: TargetedPointerEvent<HTMLCanvasElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.offsetX, at: timeAt(event.offsetX), moved: false };
  };
  const move = (event: TargetedPointerEvent<HTMLCanvasElement>): void => {
    const { offsetX: x, offsetY: y } = event;
    const begun = drag.current;
    if (begun !== undefined && (begun.moved || Math.abs(x - begun.x) > CLICK)) {
      begun.moved = true;
      const at = timeAt(Math.min(width, Math.max(0, x)));
      range.value = { from: Math.min(begun.at, at), to: Math.max(begun.at, at) };
      setHovered(undefined);
      return;
    }
    const bar = find(x, y);
    setHovered(bar === undefined ? undefined : { bar, x, y });
  };
  const up = (event: TargetedPointerEvent<HTMLCanvasElement>): void => {
    const begun = drag.current;
    drag.current = undefined;
    if (begun === undefined || begun.moved) return;
    range.value = undefined;
    const bar = find(event.offsetX, event.offsetY);
    model.select(bar === undefined ? undefined : reel.bars.id[reel.bars.place(bar)]);
  };
  const key = (event: TargetedKeyboardEvent<HTMLCanvasElement>): void => {
    const change = viewKey(event.key, view.value, model.now());
    if (change !== undefined) view.value = change;
    else if (!moveBetweenBars(event.key, model, reel.bars)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="stream-frame" ref={frame}>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: keys move about in it. */}
      <canvas
        ref={canvas}
        class="stream-canvas"
        tabIndex={0}
        role="application"
        aria-label="Tasks over time. Arrows go from task to task, plus and minus zoom, page keys move in time, 0 follows the last minute."
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerLeave={() => setHovered(undefined)}
        onDblClick={() => {
          view.value = LAST_MINUTE;
          range.value = undefined;
        }}
        onKeyDown={key}
      />
      {hovered !== undefined && (
        <Tip bars={reel.bars} bar={hovered.bar} x={hovered.x} y={hovered.y} width={width} />
      )}
    </div>
  );
}

function viewKey(key: string, view: View, now: number): View | undefined {
  switch (key) {
    case '+':
    case '=':
      return zoomed(view, now, 0.5, 0.5);
    case '-':
      return zoomed(view, now, 2, 0.5);
    case 'PageUp':
      return panned(view, now, -0.5);
    case 'PageDown':
      return panned(view, now, 0.5);
    case '0':
    case 'End':
      return LAST_MINUTE;
    default:
      return undefined;
  }
}
