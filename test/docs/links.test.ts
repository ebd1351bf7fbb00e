/** Links between the pages lead somewhere, and commands that they give exist. */

import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/built.ts';
import { allPages, blocksOf, type Page, proseOf } from './markdown.ts';

const pages = await allPages();
const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
/** What npm itself knows. */
const NPM_COMMANDS = ['ci', 'install', 'pack', 'publish', 'version', 'init', 'i'];
const NPM = /\bnpm (?:run(?: --?[\w-]+)* )?([a-z][\w:-]*)/g;

/** What pages give as code: blocks for the shell, and what stands in the text. */
const commands = pages.flatMap(({ text }) => [
  ...blocksOf(text)
    .filter(({ info }) => ['sh', 'bash', 'shell', 'console'].includes(info))
    .map(({ code }) => code),
  ...[...proseOf(text).matchAll(/`([^`]+)`/g)].map(([, code]) => String(code)),
]);

test.each(pages.map((page) => [page.path, page] as const))('the links of %s', async (_, page) => {
  const broken: string[] = [];
  for (const link of linksOf(page)) if (!(await leadsSomewhere(link, page))) broken.push(link);
  expect(broken).toEqual([]);
});

test('links are found, and told from one another', async () => {
  const page = (text: string): Page => ({ path: 'docs/page.md', text });
  expect(linksOf(page('[a](b.md) ![c](<d e.svg>) [f]\n\n[f]: g.md#h\n`[i](j)`'))).toEqual([
    'b.md',
    'd e.svg',
    'g.md#h',
  ]);
  const here = page('## What `it` is: 2.0\n');
  expect(await leadsSomewhere('#what-it-is-20', here)).toBe(true);
  expect(await leadsSomewhere('#what', here)).toBe(false);
  expect(await leadsSomewhere('../README.md', here)).toBe(true);
  expect(await leadsSomewhere('../README.md#nowhere', here)).toBe(false);
  expect(await leadsSomewhere('README.md', here)).toBe(false);
  expect(await leadsSomewhere('https://example.com/', here)).toBe(true);
});

test('every npm script that a page names exists', () => {
  const named = commands.flatMap((command) => [...command.matchAll(NPM)].map(([, name]) => name));
  expect(named).toEqual(expect.arrayContaining(['start', 'test', 'build:examples']));
  const known = new Set([...NPM_COMMANDS, ...Object.keys(manifest.scripts)]);
  expect(named.filter((name) => !known.has(String(name)))).toEqual([]);
});

test('every program that a page starts has its source', async () => {
  const programs = commands.flatMap((command) =>
    [...command.matchAll(/\bnode (\S+\.[jt]s)\b/g)].map(([, path]) => String(path)),
  );
  expect(programs).toContain('build/examples/queue-workers.js');
  for (const path of programs) await access(join(ROOT, sourceOf(path)));
});

function sourceOf(program: string): string {
  return program.startsWith('build/')
    ? program.replace('build/', '').replace(/\.js$/, '.ts')
    : program;
}

/** Where inline links, images and link definitions lead. */
function linksOf({ text }: Page): string[] {
  const prose = proseOf(text).replaceAll(/`[^`\n]+`/g, 'code');
  const inline = [...prose.matchAll(/\]\((?:<([^>]+)>|([^)\s]+))(?:\s+"[^"]*")?\)/g)];
  const defined = [...prose.matchAll(/^\[[^\]]+\]:\s*(?:<([^>]+)>|(\S+))/gm)];
  return [...inline, ...defined].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

async function leadsSomewhere(link: string, page: Page): Promise<boolean> {
  if (/^[a-z]+:/.test(link)) return true;
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page.path : join(dirname(page.path), decodeURI(path));
  try {
    if (path !== '') await access(join(ROOT, target));
  } catch {
    return false;
  }
  if (anchor === undefined) return true;
  const text = path === '' ? page.text : await readFile(join(ROOT, target), 'utf8');
  // A line of a source.
  if (/^L\d+$/.test(anchor)) return text.split('\n').length >= Number(anchor.slice(1));
  return anchorsOf(text).has(decodeURIComponent(anchor));
}

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of proseOf(text).matchAll(/^#{1,6}\s+(.*?)\s*#*$/gm)) {
    const words = heading.replaceAll(/\]\([^)]*\)/g, '').toLowerCase();
    const anchor = words.replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
    let unique = anchor;
    for (let i = 1; anchors.has(unique); i += 1) unique = `${anchor}-${i}`;
    anchors.add(unique);
  }
  return anchors;
}
