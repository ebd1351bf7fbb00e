/** What is printed for an item. */

import type { Printable } from './byte-source.ts';
import type { OutputStream } from './command-output.ts';

/** A part of what is printed, and where it goes. */
export interface PrintPart {
  readonly stream: OutputStream;
  readonly data: Printable;
}

/** What goes to stdout, or parts for stdout and stderr in their order. */
export type Printout = Printable | readonly PrintPart[];

/** In bytes, or in characters where it is a text. */
export function lengthOf(printout: Printout): number {
  if (!isParts(printout)) return printout.length;
  return printout.reduce((sum, { data }) => sum + data.length, 0);
}

export function partsOf(printout: Printout): readonly PrintPart[] {
  return isParts(printout) ? printout : [{ stream: 'stdout', data: printout }];
}

function isParts(printout: Printout): printout is readonly PrintPart[] {
  return Array.isArray(printout);
}
