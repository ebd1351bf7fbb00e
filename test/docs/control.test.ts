/**
 * What the page on the control server says, against the table of commands, the limits and the
 * errors. `npm run docs:commands` writes the commands anew.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Command, Positional } from '../../src/control/command.ts';
import * as errors from '../../src/control/errors.ts';
import { dashed } from '../../src/control/names.ts';
import { usageOf } from '../../src/control/printing/help.ts';
import { FAMILIES } from '../../src/control/table.ts';
import { limitsOf } from '../../src/node/control/limits.ts';
import { ROOT } from '../support/built.ts';

const path = join(ROOT, 'docs/control.md');
const page = await readFile(path, 'utf8');

test('the commands are those of the table', async () => {
  const block = /(<!-- commands: written.*-->\n)[\s\S]*?(<!-- commands: end -->)/;
  expect(page).toMatch(block);
  const tables = Object.entries(FAMILIES).map(
    ([title, family]) => `### ${title}\n\n${tableOf(family as unknown as Family)}\n`,
  );
  const text = page.replace(block, (_, begin, end) => `${begin}\n${tables.join('\n')}\n${end}`);
  await expect(text).toMatchFileSnapshot(path, 'npm run docs:commands writes them anew');
});

test('the limits are those of the server', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` +\| ([\d,]+) +\|/gm)];
  const limits = rows.map(([, name, value = '']) => [name, Number(value.replaceAll(',', ''))]);
  expect(Object.fromEntries(limits)).toEqual(limitsOf());
});

test('the errors are all that there are', () => {
  const [, table = ''] = page.split('<!-- errors -->');
  const named = [...table.matchAll(/^\| `([A-Z]\w+)` +\|/gm)].map(([, name]) => name);
  expect(named.sort()).toEqual(Object.keys(errors).sort());
});

type Family = Readonly<Record<string, Command>>;

function tableOf(family: Family): string {
  const rows = Object.entries(family).map(([key, command]) => {
    const usage = usageOf({ name: dashed(key), command }, Number.POSITIVE_INFINITY);
    return [
      `\`${usage.replace(/^usage: /, '').replace(' [-h]', '')}\``,
      ofWhom(command) + command.help,
      argumentsOf(command),
      command.answer,
      changesOf(command),
    ];
  });
  return layOut([['command', 'what it does', '`args`', '`value`', 'changes'], ...rows]);
}

function ofWhom({ of }: Command): string {
  return of === 'every pool' ? '' : `\`${of}\`: `;
}

function argumentsOf({ positionals, options }: Command): string {
  const isOptional = ({ takes }: Positional) => takes === 'optional' || takes === 'any';
  const places = positionals.map((one) => `\`${one.name}${isOptional(one) ? '?' : ''}\``);
  return [...places, ...Object.keys(options).map((name) => `\`${name}?\``)].join(', ');
}

/** Without arguments, and with one for each parameter. */
function changesOf({ positionals, changes }: Command): string {
  const none = changes({});
  const all = changes(Object.fromEntries(positionals.map(({ name }) => [name, 1])));
  return none === all ? (all ? 'yes' : '') : `with \`${positionals.at(-1)?.label}\``;
}

function layOut(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[], fill = ' ') =>
    `| ${cells.map((cell, column) => cell.padEnd(widths?.[column] ?? 0, fill)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [
    line(head),
    line(
      head.map(() => ''),
      '-',
    ),
    ...body.map((row) => line(row)),
  ].join('\n');
}
