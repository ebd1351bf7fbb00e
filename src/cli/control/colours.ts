/** Colours, where there is someone to see them. */

import { styleText } from 'node:util';

/** How a kind of text looks. */
const STYLES = { error: 'red', hint: 'dim', name: 'cyan', type: 'bold' } as const;

/** Gives a text the look of its kind. */
export type Paint = (kind: keyof typeof STYLES, text: string) => string;

/** For a terminal, unless `NO_COLOR` or a terminal that knows none says otherwise. */
export function paintFor(stream: { readonly isTTY?: boolean }): Paint {
  const wanted =
    stream.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
  return wanted ? (kind, text) => styleText(STYLES[kind], text) : (_, text) => text;
}
