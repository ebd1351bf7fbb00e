/** The printout of an item. */

import type { Printable } from './byte-source.ts';
import type { OutputStream } from './command-output.ts';

/** A part of a printout, and its stream. */
export interface PrintPart {
  readonly stream: OutputStream;
  readonly data: Printable;
}

/** Data for stdout, or ordered parts for stdout and stderr. */
export type Printout = Printable | readonly PrintPart[];

/** The length in bytes, or in characters for text. */
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
