/** Reads values of result rows. */

import { isAnyArrayBuffer, isUint8Array } from 'node:util/types';
import { textOfBytes } from '../text-of-bytes.ts';
import type { Row } from './connection.ts';

const NOTHING = new Uint8Array();

/** A number; undefined for null. */
export function numberOf(row: Row | undefined, column: string): number | undefined {
  const value = row?.[column];
  return typeof value === 'number' ? value : undefined;
}

/** The bytes of a text; empty for null. */
export function bytesOf(row: Row | undefined, column: string): Uint8Array {
  const value = row?.[column];
  if (isAnyArrayBuffer(value)) return new Uint8Array(value);
  return isUint8Array(value) ? value : NOTHING;
}

/** A text, which is read as bytes; empty for null. */
export function textOf(row: Row | undefined, column: string): string {
  return textOfBytes(bytesOf(row, column));
}
