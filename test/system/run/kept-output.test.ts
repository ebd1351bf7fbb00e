/** Output of any length goes through a journal byte for byte. */

import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { chunksOf } from '../../../src/cli/run/output/byte-source.ts';
import { CommandOutput } from '../../../src/cli/run/output/command-output.ts';
import { partsOf } from '../../../src/cli/run/output/printout.ts';
import {
  printedAgain,
  ReportedResult,
  type StoredForm,
  storedFailure,
  storedResult,
} from '../../../src/cli/run/output/stored-result.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { runInHost } from '../../support/hosts.ts';

const MIB = 1024 * 1024;
const BYTES = randomBytes(2 * MIB + 7);
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'bytes'), BYTES);
});

const taskpool = (...args: readonly string[]) =>
  runInHost({ args, input: '', cwd: folder, env: process.env });

function outputOf(bytes: Uint8Array): CommandOutput {
  const output = new CommandOutput();
  output.take('stderr', Buffer.from('before'));
  // As pipes give it.
  for (let at = 0; at < bytes.length; at += 65_521) {
    output.take('stdout', bytes.subarray(at, at + 65_521));
  }
  output.take('stderr', Buffer.from('after'));
  return output;
}

/** What the journal gets, one event after the other. */
function* eventsOf({ parts, last }: StoredForm) {
  yield* parts;
  yield last;
}

/** All that is printed again of what was reported, as JSON holds it. */
function printedFrom(reported: ReportedResult, outcome: 'fulfilled' | 'rejected'): Buffer {
  const result = reported.resultOf(outcome);
  if (result === undefined) throw new Error('expected a result');
  const printout = printedAgain({ item: 'x', result }, { raw: true, withItem: false });
  const chunks = partsOf(printout).flatMap(({ data }) =>
    Array.from(chunksOf(data), (chunk) => Buffer.from(chunk)),
  );
  return Buffer.concat(chunks);
}

test('what is too long for one report comes back byte for byte', () => {
  const text = Buffer.from('a\né€😀\u0007'.repeat(150_000));
  for (const bytes of [BYTES, text, text.subarray(0, 100), Buffer.alloc(0)]) {
    const expected = Buffer.concat([Buffer.from('before'), bytes, Buffer.from('after')]);
    for (const [formOf, outcome] of [
      [storedResult, 'fulfilled'],
      [storedFailure, 'rejected'],
    ] as const) {
      const reported = new ReportedResult();
      for (const report of eventsOf(formOf(outputOf(bytes)))) {
        const json = JSON.stringify(report);
        expect(json.length).toBeLessThan(MIB);
        reported.take(JSON.parse(json));
      }
      expect(printedFrom(reported, outcome).equals(expected)).toBe(true);
    }
  }
});

test('parts of an attempt that came to nothing are no part of the next one', () => {
  const reported = new ReportedResult();
  const [part] = eventsOf(storedResult(outputOf(BYTES)));
  if (part === undefined) throw new Error('expected a report');
  reported.take(part);
  reported.forget();
  reported.take(part);
  // As journals of earlier versions have it.
  reported.take({ attempt: 2, after: { name: 'Error', message: 'oops' } });
  reported.take(part);
  expect(reported.resultOf('fulfilled')).toBe(undefined);
  // The process was killed.
  reported.forget();
  const bytes = BYTES.subarray(0, 10);
  for (const report of eventsOf(storedResult(outputOf(bytes)))) reported.take(report);
  expect(printedFrom(reported, 'fulfilled')).toHaveLength('before'.length + 10 + 'after'.length);
});

test.each(['long.db', 'long.jsonl'])(
  'a command may print more than fits in one event: %s',
  async (journal) => {
    const command = 'cat bytes; echo {} >&2; test {} != b';
    const ran = await taskpool(
      'run',
      '-q',
      '-r',
      '--journal',
      journal,
      '--retries',
      '1',
      '--retry-delay',
      '0',
      '-e',
      command,
      ':::',
      'a',
      'b',
    );
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout.equals(Buffer.concat([BYTES, BYTES]))).toBe(true);
    const again = await taskpool('journal', journal, '--results');
    expect(again.stdout.equals(ran.stdout)).toBe(true);
    const resumed = await taskpool('run', '-q', '--resume', journal);
    expect(resumed.stdout).toHaveLength(0);
  },
);

test('an item whose output has no room has failed, and where that should be is said', async () => {
  const env = { ...process.env, TMPDIR: join(folder, 'none') };
  const command = 'cat bytes bytes bytes bytes bytes bytes bytes bytes {}';
  const args = ['run', '--quiet', '--raw', '--exec', command, ':::', 'bytes'];
  const { exitCode, stderr } = await runInHost({ args, input: '', cwd: folder, env });
  expect(exitCode).toBe(1);
  expect(stderr.toString()).toContain(
    `failed: bytes: could not keep its output in ${folder}/none, the folder that TMPDIR names: ENOENT`,
  );
});
