/** Colours for terminals. */

import { styleText } from 'node:util';

/** The style of each kind of text. */
const STYLES = { error: 'red', hint: 'dim', name: 'cyan', type: 'bold' } as const;

/** Styles a text by its kind. */
export type Paint = (kind: keyof typeof STYLES, text: string) => string;

/** Colours if the stream is a terminal, `NO_COLOR` is not set and `TERM` is not `dumb`. */
export function paintFor(stream: { readonly isTTY?: boolean }): Paint {
  const wanted =
    stream.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
  return wanted ? (kind, text) => styleText(STYLES[kind], text) : (_, text) => text;
}
