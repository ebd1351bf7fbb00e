/** An overview of the whole run: the density of events, failures, and the part shown in the stream. */

import type { Signal } from '@preact/signals';
import type { JSX, TargetedPointerEvent } from 'preact';
import { Canvas, type Paper } from '../../ui/canvas.tsx';
import { colorOf } from '../../ui/colors.ts';
import { heights } from '../../ui/heights.ts';
import { useModel } from '../context.ts';
import type { Density } from '../data/densities.ts';
import { bounded, LAST_MINUTE, type Span, spanOf, type View } from './view.ts';

export function Minimap({ view }: { readonly view: Signal<View> }): JSX.Element {
  const model = useModel();
  const density = model.densities.byTime.value;
  const now = model.now();
  const whole = { from: density?.firstAt ?? now - 60_000, to: now };
  const show = (event: TargetedPointerEvent<HTMLDivElement>): void => {
    const { currentTarget, buttons, offsetX } = event;
    if (buttons !== 1) return;
    currentTarget.setPointerCapture(event.pointerId);
    const { from, to } = spanOf(view.value, now);
    const length = Math.min(to - from, whole.to - whole.from);
    const at = whole.from + (offsetX / currentTarget.clientWidth) * (whole.to - whole.from);
    view.value = bounded({ from: at - length / 2, to: at + length / 2 }, now);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the stream has keys for the same.
    <div
      class="minimap"
      onPointerDown={show}
      onPointerMove={show}
      onDblClick={() => {
        view.value = LAST_MINUTE;
      }}
      title="The whole run. Drag to look at another part of it."
    >
      <Canvas
        label="The whole run: how many events there were over time"
        paint={(paper) => paint(paper, density, whole, spanOf(view.value, now))}
      />
    </div>
  );
}

function paint(paper: Paper, density: Density | undefined, whole: Span, span: Span): void {
  const { context, width, height } = paper;
  const length = Math.max(1, whole.to - whole.from);
  const at = (time: number): number => ((time - whole.from) / length) * width;
  const buckets = density?.buckets ?? [];
  const parts = heights(buckets.map(({ events }) => events));
  const wide = Math.max(1, width / 240 - 0.6);
  buckets.forEach(({ at: time, events, failed }, place) => {
    const tall = Math.max(1, (parts[place] ?? 0) * (height - 4));
    context.fillStyle = colorOf('done-1');
    context.fillRect(at(time), height - tall, wide, tall);
    if (failed === 0) return;
    const bad = Math.max(2, (failed / events) * tall);
    context.fillStyle = colorOf('rejected');
    context.fillRect(at(time), height - bad, wide, bad);
  });
  const [left, right] = [Math.max(0, at(span.from)), Math.min(width, at(span.to))];
  context.fillStyle = colorOf('accent');
  context.globalAlpha = 0.14;
  context.fillRect(left, 0, Math.max(2, right - left), height);
  context.globalAlpha = 1;
  context.fillRect(left, 0, 1, height);
}
