/** Formats numbers, times, names and values for people. */

import { printableLine } from '../../printable/text.ts';

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export function count(value: number): string {
  return WHOLE.format(value);
}

/** A number, or infinity for no limit. */
export function limit(value: number | null): string {
  return value === null || value === Number.POSITIVE_INFINITY ? '∞' : count(value);
}

/** A rate per second: `214`, `3.5`, `0.2`. */
export function rate(perSecond: number): string {
  if (perSecond >= 10 || perSecond === 0) return count(perSecond);
  return perSecond.toFixed(1);
}

/** Milliseconds in a suitable unit: `62 ms`, `1.2 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  if (ms < 0) return '0 ms';
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 && ms % 1000 !== 0 ? 1 : 0)} s`;
  const [large, small, names] =
    ms < 3_600_000
      ? [60_000, 1000, ['min', 's'] as const]
      : [3_600_000, 60_000, ['h', 'min'] as const];
  const rest = Math.floor((ms % large) / small);
  const whole = `${count(Math.floor(ms / large))} ${names[0]}`;
  return rest === 0 ? whole : `${whole} ${rest} ${names[1]}`;
}

/** A duration with one number, for columns: `3.3 min`. */
export function short(ms: number): string {
  if (ms < 60_000) return duration(ms);
  const [value, unit] = ms < 3_600_000 ? [ms / 60_000, 'min'] : [ms / 3_600_000, 'h'];
  return `${value < 10 ? value.toFixed(1) : count(value)} ${unit}`;
}

const TIME = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** The time of day, with milliseconds. */
export function clock(at: number): string {
  return `${TIME.format(at)}.${String(Math.floor(at % 1000)).padStart(3, '0')}`;
}

/**
 * An untrusted name or message with invisible characters escaped: a mark that changes the text direction would also
 * affect neighbouring text.
 */
export const plain = printableLine;

/** The same with its line breaks, for elements that keep them. */
export function plainLines(text: string): string {
  return text.split(/\r?\n/).map(plain).join('\n');
}

/** Any JSON value on one line, truncated. */
export function json(value: unknown, longest = 200): string {
  const text = typeof value === 'string' ? value : jsonOf(value);
  return plain(text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'undefined';
  } catch {
    // Nested too deeply to be serialized.
    return '…';
  }
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
