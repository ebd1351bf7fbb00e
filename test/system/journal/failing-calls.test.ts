/**
 * Each call of the system that a store makes fails once, or from then on: nothing that was acknowledged
 * is lost, the error says what and where, and the next opening finds no fault.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { all } from '../../support/batches.ts';
import { builtProgram } from '../../support/built.ts';
import { type Fault, failingCalls, faultEnv } from '../../support/failing-calls.ts';
import { isLong } from '../../support/length.ts';
import { locked } from '../../support/sample-events.ts';
import { type DurableKind, kinds } from '../../support/stores.ts';

const PROGRAM = builtProgram('test/system/journal/programs/lives.ts');
/** One of so many calls is tried; all of them in the long tests. */
const STEP = isLong ? 1 : 61;
/** What may be there after a close. */
const KEPT = /^journal(?:\/(?:events-.*\.jsonl|pruned\.json|snapshot-\d+\.json))?$/;
const ERRORS = ['EIO', 'ENOSPC', 'EMFILE', 'EACCES', 'EAGAIN'] as const;

const folder = mkdtempSync(join(tmpdir(), 'taskpool-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const library = failingCalls(folder);

describe.skipIf(library === undefined).each(kinds)('$name', (kind) => {
  test.each(['os', 'event'] as const)('%s: whichever call fails', async (durability) => {
    const calls = callsOf(kind, durability);
    expect(calls.length).toBeGreaterThan(50);
    for (let n = durability === 'os' ? 0 : 7; n < calls.length; n += STEP) {
      if (isLostByLibsql(kind, calls[n] ?? '')) continue;
      const error = ERRORS[n % ERRORS.length] ?? 'EIO';
      const faults: Fault[] = [
        { n, error },
        { n, error: 'ENOSPC', times: 0 },
      ];
      if (/^(?:read|write) .*jsonl/.test(calls[n] ?? '')) faults.push({ n, error, isShort: true });
      for (const fault of isLong ? faults : faults.slice(n % 2, (n % 2) + 1))
        await survives(kind, durability, fault, calls[n] ?? '');
    }
  });
});

/** What the system answers from a call on, and what is made of it. */
const REFUSALS = [
  ['mkdir', 'EROFS', 'EROFS'],
  ['write', 'EROFS', 'EROFS'],
  ['write', 'EDQUOT', 'StoreFull'],
] as const;

describe.skipIf(library === undefined).each(kinds)('$name', (kind) => {
  const refusals = REFUSALS.filter(([call]) => kind.type === 'jsonl' || call !== 'mkdir');
  test.each(refusals)('says why nothing can be written: %s, %s', async (call, error, code) => {
    const calls = callsOf(kind, 'os');
    const n = calls.findIndex((name) => name.startsWith(call) && /journal$|jsonl$|wal$/.test(name));
    const fault: Fault = { n, error, times: 0 };
    fresh();
    const output = runProgram(kind, 'os', faultEnv(library ?? '', join(folder, 'work'), { fault }));
    expect(output).toContain(`\nerror ${code} `);
  });
});

function runProgram(kind: DurableKind, durability: string, env: NodeJS.ProcessEnv): string {
  // Files that are soon full.
  const segments = kind.type === 'jsonl' ? { segmentBytes: 400 } : {};
  const options = JSON.stringify({ ...kind.options, ...segments, durability });
  const args = [PROGRAM, kind.type, join(folder, 'work', 'journal'), options, '2'];
  const { stdout } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  return stdout;
}

/**
 * If a page of the log cannot be read while a database is closed, libsql 0.5 stores another one in its place and removes
 * the log. SQLite itself keeps the log and loses nothing.
 */
function isLostByLibsql(kind: DurableKind, call: string): boolean {
  return kind.options.driver === 'libsql' && /^read .*-wal$/.test(call);
}

function fresh(): void {
  rmSync(join(folder, 'work'), { recursive: true, force: true });
  mkdirSync(join(folder, 'work'));
}

/** All that are made while nothing fails. */
function callsOf(kind: DurableKind, durability: string): string[] {
  const log = join(folder, `calls-${kind.name}-${durability}`);
  if (!existsSync(log)) {
    fresh();
    runProgram(kind, durability, faultEnv(library ?? '', join(folder, 'work'), { log }));
  }
  return readFileSync(log, 'utf8').trim().split('\n');
}

async function survives(
  kind: DurableKind,
  durability: string,
  fault: Fault,
  call: string,
): Promise<void> {
  fresh();
  const work = join(folder, 'work');
  const output = runProgram(kind, durability, faultEnv(library ?? '', work, { fault }));
  const about = `${JSON.stringify(fault)} ${call}\n${output}`;
  expect(output, about).toMatch(/\nend\n$/);
  expect(output, about).not.toContain('unhandled');
  const errors = [...output.matchAll(/^error (.*)/gm)].map(([, text = '']) => text);
  for (const text of errors) expect(text, about).toContain(work);
  if (fault.times !== 0) {
    const failing = output.split('life ').filter((life) => life.includes('\nerror '));
    expect(failing.length, about).toBeLessThanOrEqual(fault.isShort === true ? 0 : 1);
  }
  const stored = Number([...output.matchAll(/^stored (\d+)/gm)].at(-1)?.[1] ?? -1);
  const path = join(work, 'journal');
  const store = await kind.open(path);
  expect(store.nextSeq, about).toBeGreaterThan(stored);
  const { firstSeq, nextSeq } = store;
  expect(await all(store.read()), about).toEqual(locked(firstSeq, nextSeq - firstSeq));
  await store.close();
  const left = readdirSync(work, { recursive: true, encoding: 'utf8' });
  // A draft of a lock that cannot be read may be one that is being written: it goes ten seconds later.
  const odd = left.filter((name) => !KEPT.test(name) && !/lock\.[-0-9a-f]{36}$/.test(name));
  expect(odd, about).toEqual([]);
}
