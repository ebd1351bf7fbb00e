/** A small line without axes. */

import type { JSX } from 'preact';
import { Canvas, type Paper } from '../../ui/canvas.tsx';
import { colorOf } from '../../ui/colors.ts';

interface SparklineProps {
  readonly label: string;
  readonly values: readonly number[];
  /** The name of a style sheet colour. */
  readonly color: string;
}

export function Sparkline({ label, values, color }: SparklineProps): JSX.Element {
  const paint = ({ context, width, height }: Paper): void => {
    const most = Math.max(1, ...values);
    const at = (place: number): number =>
      (place / Math.max(1, values.length - 1)) * (width - 2) + 1;
    const up = (value: number): number => height - 1.5 - (value / most) * (height - 3);
    context.beginPath();
    values.forEach((value, place) => {
      context.lineTo(at(place), up(value));
    });
    context.strokeStyle = colorOf(color);
    context.lineWidth = 1.2;
    context.lineJoin = 'round';
    context.stroke();
    context.lineTo(width - 1, height);
    context.lineTo(1, height);
    context.globalAlpha = 0.1;
    context.fillStyle = colorOf(color);
    context.fill();
    context.globalAlpha = 1;
  };
  return <Canvas class="sparkline" label={label} paint={paint} />;
}
