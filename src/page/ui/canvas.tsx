/** A canvas at the resolution of the screen, painted when something has changed. */

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { onScheme } from './colors.ts';
import { type Size, useSize } from './hooks.ts';

export interface Paper extends Size {
  readonly context: CanvasRenderingContext2D;
}

interface CanvasProps {
  /** Paints on a cleared canvas, in CSS pixels. */
  readonly paint: (paper: Paper) => void;
  readonly label: string;
  readonly class?: string;
}

/** Repaints with each render, and when its size or the scheme changes. */
export function Canvas({ paint, label, class: name }: CanvasProps): JSX.Element {
  const [ref, size] = useSize<HTMLCanvasElement>();
  const [, repaint] = useState(0);
  useEffect(() => onScheme(() => repaint((times) => times + 1)), []);
  useEffect(() => {
    const paper = ref.current === null ? undefined : paperOf(ref.current, size);
    if (paper !== undefined) paint(paper);
  });
  return <canvas ref={ref} class={name ?? ''} role="img" aria-label={label} />;
}

/** Resizes the canvas to its displayed size, and clears it. */
function paperOf(canvas: HTMLCanvasElement, { width, height }: Size): Paper | undefined {
  const context = canvas.getContext('2d');
  if (context === null || width === 0 || height === 0) return undefined;
  const ratio = devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}
