/**
 * The code of the documentation, made ready to run.
 *
 * Every block that is marked `ts` is a program of its own. In it, `// => value` after an expression
 * (or after `const name = expression`, or `console.log(expression)`) says what it must deeply
 * equal; the value is an expression too, and may go on in comments on the lines below. A block that
 * is marked `ts no-run` is left alone.
 */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ESTree, parseSync } from 'vite';
import { ROOT } from '../support/built.ts';
import type * as checks from './check.ts';

/** A page: its path in the repository, and its text. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** A fenced block of a page. */
export interface Block {
  /** What follows the fence: `ts no-run`. */
  readonly info: string;
  /** The line of the page on which the code starts, from 1. */
  readonly line: number;
  readonly code: string;
}

/** The README and its neighbours, and everything below `docs/` and `examples/`. */
export async function allPages(): Promise<Page[]> {
  const paths = (await readdir(ROOT)).filter((path) => path.endsWith('.md'));
  for (const folder of ['docs', 'examples']) {
    const below = await readdir(join(ROOT, folder), { recursive: true });
    paths.push(...below.filter((path) => path.endsWith('.md')).map((path) => join(folder, path)));
  }
  return Promise.all(
    paths.sort().map(async (path) => ({ path, text: await readFile(join(ROOT, path), 'utf8') })),
  );
}

/** What editors show of the public names: the comments of their sources, each on the line where it is. */
export async function hoverTexts(): Promise<Page[]> {
  const folder = join(ROOT, 'src/pool');
  const paths = (await readdir(folder)).filter((path) => path.endsWith('.ts')).sort();
  return Promise.all(
    paths.map(async (path) => {
      const source = await readFile(join(folder, path), 'utf8');
      const lines = source.split('\n').map((line) => /^\s*\* ?(.*)$/.exec(line)?.[1] ?? '');
      return { path: join('hover', path), text: lines.join('\n') };
    }),
  );
}

/** Indent, fence, mark, code. */
const FENCED = /^([ \t]*)(`{3,})([^\n`]*)\n([\s\S]*?)^[ \t]*\2[ \t]*$/gm;

/** The fenced blocks of a text. */
export function blocksOf(text: string): Block[] {
  return [...text.matchAll(FENCED)].map((match) => {
    const [, indent = '', , info = '', code = ''] = match;
    const line = text.slice(0, match.index).split('\n').length + 1;
    return { info: info.trim(), line, code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), '') };
  });
}

/** A text without its fenced blocks. */
export function proseOf(text: string): string {
  return text.replaceAll(FENCED, '');
}

/** The block as a program whose line numbers are those of the page. `module` is `check.ts` to it. */
export function programOf({ code, line }: Block, module: string): string {
  const { program, comments, errors } = parseSync('block.ts', code);
  // What does not parse is for the compiler to complain about.
  if (errors.length > 0) return '\n'.repeat(line - 1) + code;
  const statements = [...statementsIn(program)];
  const edits: Edit[] = [];
  const lines: number[] = [];
  for (const [place, { value, start }] of comments.entries()) {
    if (!value.startsWith(' => ')) continue;
    const at = line + code.slice(0, start).split('\n').length - 1;
    const below = comments.slice(place + 1);
    const expected = wholeValue(value.slice(4), below, code, start);
    const statement = statements.find(
      ({ end }) => end <= start && code.slice(end, start).trim() === '',
    );
    if (statement === undefined || expected === undefined) {
      throw new SyntaxError(`line ${at}: expected 'expression; // => value', got '//${value}'`);
    }
    edits.push(checkOf(statement, code, at, expected));
    lines.push(at);
  }
  let text = code;
  for (const { start, end, by } of edits.sort((a, b) => b.start - a.start)) {
    text = text.slice(0, start) + by + text.slice(end);
  }
  const name: keyof typeof checks = 'checksOf';
  const preamble = `import { ${name} } from '${module}'; const $check = ${name}(${lines.join(', ')});`;
  return (lines.length === 0 ? '' : preamble) + '\n'.repeat(line - 1) + text;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

function checkOf(statement: Checkable, code: string, line: number, expected: string): Edit {
  const { end } = statement;
  const call = (actual: string): string => `$check(${line}, ${actual}, (${expected}))`;
  if (statement.type === 'VariableDeclaration') {
    const { id } = statement.declarations.at(-1) as ESTree.VariableDeclarator;
    const names = id.type === 'Identifier' ? id.name : code.slice(id.start, id.end);
    return { start: end, end, by: ` ${call(names)};` };
  }
  const logged = loggedBy(statement.expression);
  const { start, end: last } = logged ?? statement.expression;
  return { start, end: last, by: call(`(${code.slice(start, last)})`) };
}

/** The argument of `console.log(argument)`. */
function loggedBy(expression: ESTree.Expression): ESTree.Argument | undefined {
  if (expression.type !== 'CallExpression' || expression.callee.type !== 'MemberExpression') return;
  const { object, property } = expression.callee;
  const isLog = property.type === 'Identifier' && property.name === 'log';
  if (!isLog || object.type !== 'Identifier' || object.name !== 'console') return;
  return expression.arguments.length === 1 ? expression.arguments[0] : undefined;
}

/** The value, with as many of the comments below it as it takes to make an expression. */
function wholeValue(
  first: string,
  below: readonly Comment[],
  code: string,
  start: number,
): string | undefined {
  let value = first;
  let end = code.indexOf('\n', start);
  for (const comment of below) {
    if (isExpression(value)) return value;
    if (code.slice(end, comment.start).trim() !== '') return undefined;
    value += ` ${comment.value.trim()}`;
    end = comment.end;
  }
  return isExpression(value) ? value : undefined;
}

function isExpression(text: string): boolean {
  return parseSync('value.ts', `(${text})`).errors.length === 0;
}

type Comment = ReturnType<typeof parseSync>['comments'][number];
type Checkable = ESTree.ExpressionStatement | ESTree.VariableDeclaration;

/** The statements that a check can follow, wherever they are in a node. */
function* statementsIn(node: unknown): Generator<Checkable> {
  if (typeof node !== 'object' || node === null) return;
  const { type } = node as { type?: string };
  if (type === 'ExpressionStatement' || type === 'VariableDeclaration') yield node as Checkable;
  for (const part of Object.values(node)) yield* statementsIn(part);
}
