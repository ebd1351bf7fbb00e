/** Every block of code in the documentation is compiled strictly and run as a program of its own. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../support/built.ts';
import { type Compiled, compile } from './compiled.ts';
import { allPages, blocksOf, hoverTexts, programOf } from './markdown.ts';
import { type ProgramEnd, runProgram } from './run-program.ts';

const CODE = ['ts', 'ts no-run'];

const texts = [...(await allPages()), ...(await hoverTexts())];
const pages = texts.map(({ path, text }) => ({ path, blocks: blocksOf(text) }));
const blocks = pages.flatMap((page) =>
  page.blocks
    .filter(({ info }) => info === 'ts')
    .map((block) => ({ block, page: page.path, line: block.line })),
);
const titled = blocks.map((block) => [`${block.page}:${block.line}`, block] as const);
const sourceOf = (page: string, line: number): string => `${page}/${line}.ts`;

/** So many programs share a thread: starting one and loading the package takes longer than most of them. */
const TOGETHER = 16;
/** Neighbours are in different threads, several of which run at a time. */
const threads = Array.from({ length: Math.ceil(blocks.length / TOGETHER) }, (_, thread) =>
  blocks.filter((_, n) => n % Math.ceil(blocks.length / TOGETHER) === thread),
);

/** A program that the compiler must complain about. */
const WRONG = {
  source: 'page/wrong.ts',
  block: { info: 'ts', line: 7, code: "const n: number = '';" },
};

let compiled: Compiled;
let typeErrors: readonly string[];
/** How those ended that were run together, by the first of them. */
const ends = new Map<string, Promise<ProgramEnd>>();

/** Runs a program with others; alone, if something was wrong with any of them. */
async function endOf(source: string): Promise<ProgramEnd> {
  const sources = threads
    .map((thread) => thread.map(({ page, line }) => sourceOf(page, line)))
    .find((thread) => thread.includes(source)) as [string];
  const end = ends.get(sources[0]) ?? compiled.together(sources).then(runProgram);
  ends.set(sources[0], end);
  const { code } = await end;
  return code === 0 ? end : runProgram(compiled.program(source));
}

beforeAll(async () => {
  const files = new Map<string, string>();
  const shared = new Map([['check.ts', await readFile(join(ROOT, 'test/docs/check.ts'), 'utf8')]]);
  for (const { block, page, line } of blocks) {
    const check = `${'../'.repeat(page.split('/').length)}check.ts`;
    files.set(sourceOf(page, line), programOf(block, check));
  }
  files.set(WRONG.source, programOf(WRONG.block, ''));
  compiled = await compile(files, shared);
  typeErrors = await compiled.typeErrors();
});

afterAll(() => compiled.remove());

test('there is code in the README, in the first steps and in the guide', () => {
  for (const start of ['README.md', 'docs/getting-started.md', 'docs/guide']) {
    expect(blocks.filter(({ page }) => page.startsWith(start))).not.toEqual([]);
  }
});

test('the names that are used most have an example where an editor shows it', () => {
  const examples = blocks.filter(({ page }) => page.startsWith('hover/'));
  expect(examples.length).toBeGreaterThanOrEqual(10);
});

test('code is marked as `ts` or `ts no-run`', () => {
  const likeCode = /^(?:[tj]sx?|mjs|typescript|javascript)\b/;
  for (const page of pages) {
    const marks = page.blocks.map(({ info }) => info).filter((info) => likeCode.test(info));
    expect(
      marks.filter((mark) => !CODE.includes(mark)),
      page.path,
    ).toEqual([]);
  }
});

test('code that does not type-check is complained about, by the line of the page', () => {
  expect(typeErrors).toContainEqual(expect.stringMatching(/^page\/wrong\.ts\(7,7\): error TS2322/));
});

describe.concurrent('code', () => {
  test.each(titled)('%s compiles, runs, and says what is true', async (_, block) => {
    const source = sourceOf(block.page, block.line);
    expect(typeErrors.filter((error) => error.startsWith(`${source}(`))).toEqual([]);
    const { code, stdout, stderr } = await endOf(source);
    expect(code, stdout + stderr).toBe(0);
  });
});
