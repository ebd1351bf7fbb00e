/** Text laid out for a terminal of some width. */

/** A term and what it means. */
export type Entry = readonly [term: string, meaning: string];

/** The column at which meanings start, unless the terminal is narrow. */
const MEANINGS_AT = 20;

/** Words in lines of at most `width`; lines after the first are indented. Longer words stay whole. */
export function wrap(text: string, width: number, indent = 0): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const room = width - (lines.length === 0 ? 0 : indent);
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}

/** Terms with their meanings beside them, or below those that are too long for that. */
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
