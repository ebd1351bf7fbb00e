/**
 * Reads and writes the file with the first valid `seq`: segments may still contain earlier events, which were
 * dropped.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreCorrupt } from '../../../index.ts';
import { crc32 } from '../crc32.ts';
import { fileError, isMissing } from '../file-error.ts';
import { replaceFile } from './replace-file.ts';

const NAME = 'pruned.json';

/** The first valid `seq`; undefined if none were dropped and the first is 0. @throws StoreCorrupt */
export function readFirst(folder: string): number | undefined {
  const path = join(folder, NAME);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileError(error, path);
  }
  const [, first, crc] = /^\{"first":(\d+),"crc":(\d+)\}\n$/.exec(text) ?? [];
  if (first !== undefined && crc32(first) === Number(crc)) return Number(first);
  throw new StoreCorrupt(`expected the first event held, got a damaged file: ${path}`, 0);
}

export function writeFirst(folder: string, first: number, isForced: boolean): void {
  const text = `${JSON.stringify({ first, crc: crc32(String(first)) })}\n`;
  replaceFile(join(folder, NAME), text, isForced);
}
