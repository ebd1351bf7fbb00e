/** What is in the rows that were found. */

import { isAnyArrayBuffer, isUint8Array } from 'node:util/types';
import type { Row } from './connection.ts';

/** A number of a row; undefined for null. */
export function numberOf(row: Row | undefined, column: string): number | undefined {
  const value = row?.[column];
  return typeof value === 'number' ? value : undefined;
}

/** A text of a row, which was read as bytes; empty for null. */
export function textOf(row: Row | undefined, column: string): string {
  const value = row?.[column];
  if (isAnyArrayBuffer(value)) return Buffer.from(value).toString();
  if (!isUint8Array(value)) return '';
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
}
