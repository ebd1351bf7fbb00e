/** The density of events as a slider over the part of the history that can be rebuilt. */

import type { JSX, TargetedKeyboardEvent, TargetedPointerEvent } from 'preact';
import { useState } from 'preact/hooks';
import { Canvas, type Paper } from '../../ui/canvas.tsx';
import { colorOf } from '../../ui/colors.ts';
import { clock, count } from '../../ui/format.ts';
import { heights } from '../../ui/heights.ts';
import { useModel } from '../context.ts';
import type { Density } from '../data/densities.ts';

export function Track(): JSX.Element {
  const model = useModel();
  const { travel, pinned } = model;
  const density = model.densities.bySeq.value;
  const [hovered, setHovered] = useState<number | undefined>(undefined);
  const first = density?.firstSeq ?? 0;
  const last = Math.max(first, model.live.value?.seq ?? 0);
  const seq = travel.target.value ?? model.shown.value?.seq ?? last;
  const seqAt = (event: TargetedPointerEvent<HTMLDivElement>): number => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - left) / Math.max(1, width)));
    return Math.round(first + part * (last - first));
  };
  const go = (event: TargetedPointerEvent<HTMLDivElement>): void => {
    const wanted = seqAt(event);
    if (wanted >= last) travel.present();
    else travel.go(wanted, true);
  };
  const key = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    const page = Math.max(1, Math.round((last - first) / 50));
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowDown: -1,
      ArrowUp: 1,
      PageDown: -page,
      PageUp: page,
    };
    const step = steps[event.key];
    if (step !== undefined) travel.step(Math.max(first - seq, step));
    else if (event.key === 'Home') travel.go(first, true);
    else if (event.key === 'End') travel.present();
    else return;
    event.preventDefault();
  };
  const failure = travel.failure.value;
  return (
    <div class="track-frame">
      <div
        class="track"
        role="slider"
        tabIndex={0}
        aria-label="Place in time"
        aria-valuemin={first}
        aria-valuemax={last}
        aria-valuenow={seq}
        aria-valuetext={model.isLive.value ? 'live' : `event ${seq}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          go(event);
        }}
        onPointerMove={(event) => {
          setHovered(seqAt(event));
          if (event.buttons === 1) go(event);
        }}
        onPointerLeave={() => setHovered(undefined)}
        onKeyDown={key}
      >
        <Canvas
          label="How many events there were"
          paint={(paper) => paint(paper, density, { first, last, seq, pin: pinned.value?.seq })}
        />
      </div>
      {failure !== undefined && (
        <span class="track-note bad" role="alert">
          {failure}
        </span>
      )}
      {failure === undefined && hovered !== undefined && (
        <span class="track-note">{hoverText(hovered, density)}</span>
      )}
      {failure === undefined && hovered === undefined && first > 0 && (
        <span class="track-note start">
          from seq {count(first)}, the oldest that can be rebuilt
        </span>
      )}
    </div>
  );
}

function hoverText(seq: number, density: Density | undefined): string {
  const bucket = density?.buckets.findLast((each) => each.seq <= seq);
  if (bucket === undefined) return `seq ${count(seq)}`;
  const failed = bucket.failed > 0 ? `, ${count(bucket.failed)} failures near` : '';
  return `seq ${count(seq)}, about ${clock(bucket.at)}${failed}`;
}

interface Marks {
  readonly first: number;
  readonly last: number;
  readonly seq: number;
  readonly pin: number | undefined;
}

/**
 * All buckets hold the same number of events, so their heights show the rate: the faster events followed one another,
 * the taller.
 */
function paint(
  { context, width, height }: Paper,
  density: Density | undefined,
  marks: Marks,
): void {
  const { first, last, seq, pin } = marks;
  const at = (place: number): number => ((place - first) / Math.max(1, last - first)) * (width - 2);
  const buckets = density?.buckets ?? [];
  const rates = buckets.map(({ at: time, events }, place) => {
    const next = buckets[place + 1]?.at ?? density?.lastAt ?? time;
    return events / Math.max(1, next - time);
  });
  const parts = heights(rates);
  const wide = Math.max(1, width / 240 - 1);
  buckets.forEach(({ seq: start, failed, events }, place) => {
    const tall = (parts[place] ?? 0) * (height - 3) + 2;
    context.fillStyle = colorOf('faint');
    context.globalAlpha = start <= seq ? 0.75 : 0.3;
    context.fillRect(at(start), height - tall, wide, tall);
    if (failed === 0) return;
    context.globalAlpha = start <= seq ? 1 : 0.5;
    context.fillStyle = colorOf('rejected');
    const bad = Math.max(2, (failed / events) * tall);
    context.fillRect(at(start), height - bad, wide, bad);
  });
  context.globalAlpha = 1;
  if (pin !== undefined) {
    context.fillStyle = colorOf('delayed');
    context.fillRect(at(pin), 0, 2, height);
  }
  context.fillStyle = colorOf('accent');
  context.fillRect(at(seq), 0, 2, height);
}
