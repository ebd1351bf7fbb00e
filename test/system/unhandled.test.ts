/**
 * What goes wrong while nobody listens is never an unhandled rejection nor an uncaught exception:
 * it is kept for `gatherAndClose`, or logged. The programs run one after the other in a process, which
 * dies of either.
 */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { builtProgram } from '../support/built.ts';
import type { Program, Report } from './programs/unhandled.ts';

const PROGRAMS = 'test/system/programs';

const nothing = { gathered: [], seen: [] };

/** What the programs print, the gathered in any order. */
const expected: Record<Program, Report> = {
  'tasks fail': { gathered: ['no 1', 'no 2', 'no 3', 'no 4', 'no 5', 'no 5'], seen: [] },
  'tasks throw what is no error': {
    gathered: ['number', 'object', 'object', 'string', 'symbol', 'undefined'],
    seen: [],
  },
  // Items are awaited, and what cannot be asked for `then` cannot be.
  'tasks throw what cannot be read': { gathered: ['TypeError', 'unreadable'], seen: [0] },
  'a task fails with several errors': { gathered: ['All promises were rejected'], seen: [] },
  'thenables fail': { gathered: ['no then', 'no then', 'no undefined'], seen: [] },
  'callbacks throw': {
    gathered: [],
    seen: [
      'end 0',
      'the end callback of task 0 threw',
      'end 1',
      'the end callback of task 1 threw',
      'cancel 2',
      'the cancel callback of task 2 threw',
      'end 2',
      'the end callback of task 2 threw',
    ],
  },
  'sources throw': {
    gathered: ['no async iterator', 'no async next', 'no iterator', 'no next'],
    seen: [],
  },
  'sources give what no iterator gives': {
    gathered: ['TypeError', 'TypeError', 'TypeError', 'TypeError'],
    seen: [],
  },
  'sources throw when they are closed': { gathered: [], seen: [6] },
  'a source throws after its group was cancelled': nothing,
  'promises of results are dropped': nothing,
  'results that were not retained are asked for': nothing,
  'iterations are left and dropped': {
    gathered: ['no 2', 'no 2', 'no 3'],
    seen: ['no 1'],
  },
  'subscribers throw': {
    gathered: [],
    seen: [
      'a subscriber of group.created threw',
      'a subscriber of task.queued threw',
      'a subscriber of task.started threw',
      'a subscriber of task.ended threw',
      0,
      'a subscriber of group.exhausted threw',
    ],
  },
  'asynchronous subscribers fail': {
    gathered: [],
    seen: ['a subscriber of task.ended threw'],
  },
  'the logger throws': { gathered: [], seen: ['closed'] },
  'everything is cancelled': nothing,
  'the signal of the pool is aborted': nothing,
  'the pool is never closed': { gathered: [], seen: ['left'] },
};

describe('programs', () => {
  /** What each has printed. */
  let lines: string[] = [];
  let complaints = '';

  beforeAll(async () => {
    const args = ['--unhandled-rejections=strict', '--trace-uncaught'];
    const program = [builtProgram(`${PROGRAMS}/unhandled.ts`), ...Object.keys(expected)];
    const run = promisify(execFile)(process.execPath, [...args, ...program], { timeout: 120_000 });
    const { stdout, stderr } = await run.catch((error) => error);
    lines = stdout.split('\n');
    complaints = stderr;
  });

  test.each(Object.entries(expected).map(([name, report], n) => [name, n, report] as const))(
    '%s',
    (name, n, report) => {
      // It has died in the first one that is not there.
      expect(lines[n], `${name}: ${complaints}`).toBeTruthy();
      const { gathered, seen } = JSON.parse(lines[n] as string) as Report;
      expect({ gathered: [...gathered].sort(), seen }).toEqual(report);
    },
  );

  test('say nothing else', () => {
    expect(complaints).toBe('');
    expect(lines).toHaveLength(Object.keys(expected).length + 1);
  });
});
