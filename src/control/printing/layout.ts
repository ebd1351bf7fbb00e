/** Lays text out for the width of a terminal. */

/** A term and its meaning. */
export type Entry = readonly [term: string, meaning: string];

/** The column where meanings start, unless the terminal is narrow. */
const MEANINGS_AT = 20;

/** Wraps text at `width`. */
export function wrap(text: string, width: number): string {
  return wrapParts(text.split(' '), width, 0);
}

/** Wraps parts at `width`, with all lines but the first indented. A longer part stays whole. */
export function wrapParts(parts: readonly string[], width: number, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    const room = width - (lines.length === 0 ? 0 : indent);
    if (line !== '' && line.length + 1 + part.length > room) {
      lines.push(line);
      line = part;
    } else {
      line = line === '' ? part : `${line} ${part}`;
    }
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}

/** Terms with their meanings next to them, or below terms that are too long. */
export function layOut(entries: readonly Entry[], width: number): string {
  const column = Math.min(MEANINGS_AT, Math.floor(width / 2));
  const margin = ' '.repeat(column);
  return entries
    .map(([term, meaning]) => {
      const text = wrap(meaning, width - column).replaceAll('\n', `\n${margin}`);
      if (term.length + 4 > column) return `  ${term}\n${margin}${text}`;
      return `  ${term}`.padEnd(column) + text;
    })
    .join('\n');
}
