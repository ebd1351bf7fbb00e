/** The colours of the stream: those of the style sheet, and generated ones for groups. */

import { colorOf, onScheme } from '../../ui/colors.ts';
import type { Colors } from './painter.ts';

const STEP = 137.5;

/** A new function per scheme, since its identity tells whether the colours have changed. */
function make(): Colors {
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const chosen = document.documentElement.dataset['scheme'];
  const dark = chosen === undefined ? isDark : chosen === 'dark';
  const known = new Map<string, string>();
  return (name) => {
    let color = known.get(name);
    if (color === undefined) {
      color = name.startsWith('group-') ? groupColor(Number(name.slice(6)), dark) : colorOf(name);
      known.set(name, color);
    }
    return color;
  };
}

function groupColor(number: number, dark: boolean): string {
  const hue = (160 + number * STEP) % 360;
  return dark ? `hsl(${hue} 34% 38%)` : `hsl(${hue} 42% 68%)`;
}

let colors: Colors | undefined;
onScheme(() => {
  colors = undefined;
});

export function streamColors(): Colors {
  colors ??= make();
  return colors;
}
