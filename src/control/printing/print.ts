/** Prints values, events and errors for people. */

import measure from 'fast-string-truncated-width';
import type { PoolEvent, TaskSnapshot } from '../../index.ts';
import type { ErrorSummary } from '../../printable/error.ts';
import { isPlain, printableLine, shortened } from '../../printable/text.ts';
import { printableValue } from '../../printable/value.ts';
import { andThen, type Eventually, mapInParts } from '../in-parts.ts';

/** Undefined as `ok`, names and numbers as they are, lists separated by spaces, the rest as JSON. */
export function printValue(value: unknown): string {
  if (value === undefined) return 'ok';
  if (typeof value === 'string') return printableLine(value);
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(printValue).join(' ');
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

/** `12 2026-11-24T06:00:00.000Z task.ended id=3 outcome=fulfilled`: one line, safe to print. */
export function printEvent(event: PoolEvent): string {
  const { v: _, pool: __, seq, at, type, ...fields } = event;
  const parts = Object.entries(fields).map(([name, value]) => `${name}=${printField(value)}`);
  return printableLine([seq, timeOf(at), type, ...parts].join(' '));
}

/** A manipulated journal may hold an invalid time. */
function timeOf(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? printableValue(at) : date.toISOString();
}

/** The maximum length of a printed field, in characters, since items and reasons may be of any size. */
const MAX_FIELD_LENGTH = 1000;

function printField(value: unknown): string {
  const isWord =
    typeof value === 'string' && value.length <= MAX_FIELD_LENGTH && /^[^\s"'{}[\]]+$/.test(value);
  return isWord ? value : printableValue(value, MAX_FIELD_LENGTH);
}

/** Unread errors, one per line. */
export function printErrors(errors: readonly ErrorSummary[]): string {
  return errors.length === 0 ? 'ok' : errors.map(({ message }) => message).join('\n');
}

/** Prints rows with aligned columns; the first row is the head. */
export function printTable(table: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  const rows = table.map((row) => measuredRow(row, widths));
  return rows.map((row) => alignedRow(row, widths)).join('\n');
}

/** The same for a head and a list of items, each of which becomes a row. */
export function printTableInParts<T>(
  head: readonly string[],
  items: readonly T[],
  rowOf: (item: T) => readonly string[],
): Eventually<string> {
  const widths: number[] = [];
  const first = measuredRow(head, widths);
  const rows = mapInParts(items, (item) => measuredRow(rowOf(item), widths));
  const print = (all: readonly (readonly string[])[]) =>
    andThen(
      mapInParts(all, (row) => alignedRow(row, widths)),
      (lines) => [alignedRow(first, widths), ...lines].join('\n'),
    );
  return rows instanceof Promise ? rows.then(print) : print(rows);
}

/** The printable cells of a row; widens the columns accordingly. */
function measuredRow(row: readonly string[], widths: number[]): readonly string[] {
  return row.map((text, column) => {
    const cell = printableLine(text);
    widths[column] = Math.max(widths[column] ?? 0, columnsOf(cell));
    return cell;
  });
}

function alignedRow(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - columnsOf(cell)))
    .join('  ')
    .trimEnd();
}

/** The number of terminal columns of a text: 2 for a Chinese character, 0 for a combining accent. */
function columnsOf(text: string): number {
  return isPlain(text) ? text.length : measure(text).width;
}

/** A limit, which is `null` in snapshots if there is none. */
export function printLimit(limit: number | null): string {
  return limit === null ? 'Infinity' : String(limit);
}

/** The details of a task besides its id, group and state. */
export function printNote(task: TaskSnapshot): string {
  const said = printSaid(task);
  if (task.placedBy === undefined) return said;
  return said === '' ? task.placedBy : `${task.placedBy}: ${said}`;
}

function printSaid(task: TaskSnapshot): string {
  if (task.error !== undefined) {
    return shortened(`${task.error.name}: ${task.error.message}`, MAX_FIELD_LENGTH);
  }
  if (task.progress !== undefined) return printField(task.progress);
  return task.reason === undefined ? '' : printField(task.reason);
}
