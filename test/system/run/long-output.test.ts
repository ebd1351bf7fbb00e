/** Output that is too long for memory: it is printed as if it were not. */

import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { chunksOf } from '../../../src/cli/run/output/byte-source.ts';
import { CommandOutput, type OutputStream } from '../../../src/cli/run/output/command-output.ts';
import { type Printout, partsOf } from '../../../src/cli/run/output/printout.ts';
import { printed, printedFailure } from '../../../src/cli/run/output/result-format.ts';

const MIB = 1024 * 1024;

function outputOf(...pieces: readonly [OutputStream, Uint8Array][]): CommandOutput {
  const output = new CommandOutput();
  for (const [stream, data] of pieces) {
    // As pipes give it.
    for (let at = 0; at < data.length; at += 65_521) {
      output.take(stream, data.subarray(at, at + 65_521));
    }
  }
  return output;
}

function bytesOn(stream: OutputStream, printout: Printout): Buffer {
  const parts = partsOf(printout).filter((part) => part.stream === stream);
  const chunks = parts.flatMap(({ data }) =>
    Array.from(chunksOf(data), (chunk) => Buffer.from(chunk)),
  );
  return Buffer.concat(chunks);
}

const RAW = { raw: true, withItem: false };
const JSON_LINES = { raw: false, withItem: false };

test('both streams come back byte for byte', () => {
  const [first, second, third] = [randomBytes(3 * MIB), randomBytes(MIB), randomBytes(5)];
  const output = outputOf(['stdout', first], ['stderr', second], ['stdout', third]);
  expect(output.isSpilled).toBe(true);
  const printout = printed(output, 'x', RAW);
  expect(bytesOn('stdout', printout).equals(Buffer.concat([first, third]))).toBe(true);
  expect(bytesOn('stderr', printout).equals(second)).toBe(true);
});

test('text is one line of JSON, whatever stands at the borders of its chunks', () => {
  const text = 'a\n"é€😀\u0007\n'.repeat(200_000);
  const output = outputOf(['stdout', Buffer.from(text)]);
  const line = bytesOn('stdout', printed(output, 'x', JSON_LINES)).toString();
  expect(line.indexOf('\n')).toBe(line.length - 1);
  expect(JSON.parse(line) === text.slice(0, -1)).toBe(true);
});

test('what is no UTF-8 is base64, with its item and what it failed with', () => {
  const bytes = randomBytes(2 * MIB + 1);
  const format = { raw: false, withItem: true };
  const printout = printedFailure(outputOf(['stdout', bytes]), 'x', format, 'exit code 1');
  const { result, ...rest } = JSON.parse(bytesOn('stdout', printout).toString()) as {
    result: string;
  };
  expect(rest).toEqual({ item: 'x', encoding: 'base64', error: 'exit code 1' });
  expect(Buffer.from(result, 'base64').equals(bytes)).toBe(true);
});

test('each line is tagged once, whatever chunks it came in', () => {
  const lines = Array.from({ length: 300_000 }, (_, i) => `${i}\n`);
  const output = outputOf(['stdout', Buffer.from(lines.join(''))]);
  const tagged = bytesOn('stdout', printed(output, 'x', { ...RAW, tag: true })).toString();
  expect(tagged === lines.map((line) => `x\t${line}`).join('')).toBe(true);
});
