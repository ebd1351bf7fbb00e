/** Functions of modules: only from folders that the server was given. */

import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { TCPControlServer } from 'xstate-taskpool/control';
import { socketPath } from '../../support/control/socket-path.ts';
import { Wire } from '../../support/control/wire.ts';
import { taskPool } from '../../support/pools.ts';

const MODULE = `
  export function double(n) { return 2 * n; }
  export default function main() {}
  export const notAFunction = 5;
  globalThis.loaded = (globalThis.loaded ?? 0) + 1;
`;

let root: string;
const at = (...parts: string[]): string => join(root, ...parts);

beforeEach(async () => {
  root = dirname(await socketPath());
  await mkdir(at('allowed', 'deep'), { recursive: true });
  await mkdir(at('allowed-too'));
  await mkdir(at('outside'));
  await writeFile(at('allowed', 'work.mjs'), MODULE);
  await writeFile(at('allowed', 'deep', 'work.mjs'), MODULE);
  await writeFile(at('allowed', 'broken.mjs'), 'throw new Error("cannot load")');
  await writeFile(at('allowed-too', 'work.mjs'), MODULE);
  await writeFile(at('outside', 'evil.mjs'), 'globalThis.evil = true; export const f = () => {};');
  await symlink(at('outside', 'evil.mjs'), at('allowed', 'link.mjs'));
  await symlink(at('outside'), at('allowed', 'linked'));
  await symlink(at('allowed'), at('another-way'));
});

async function ask(line: string, importFrom: string[] = [at('allowed')]): Promise<string> {
  const functions = { double: (n: number) => 2 * n };
  const server = new TCPControlServer(taskPool(), { port: 0, functions, importFrom });
  const wire = await Wire.greeted(await server.listen());
  const answer = await wire.ask(line);
  await server.close();
  return answer;
}

test.each([
  ['a function', () => `map ${at('allowed', 'work.mjs')}:double [1]`, 'map-double-group-0'],
  [
    'one further down',
    () => `map ${at('allowed', 'deep', 'work.mjs')}:double [1]`,
    'map-double-group-0',
  ],
  ['the default', () => `apply ${at('allowed', 'work.mjs')}:default`, 'apply-main-group-0'],
  ['by another way', () => `map ${at('another-way', 'work.mjs')}:double [1]`, 'map-double-group-0'],
  [
    'by a relative path',
    () => `map ./${relative('.', at('allowed', 'work.mjs'))}:double [1]`,
    'map-double-group-0',
  ],
  ['by dots', () => `map ${at('outside')}/../allowed/work.mjs:double [1]`, 'map-double-group-0'],
  ['a registered one', () => 'map double [1]', 'map-double-group-0'],
])('%s of an allowed folder is run', async (_, line, group) => {
  expect(await ask(line())).toBe(group);
});

test.each([
  ['outside', () => at('outside', 'evil.mjs')],
  ['outside, by dots', () => `${at('allowed')}/../outside/evil.mjs`],
  ['outside, by a link', () => at('allowed', 'link.mjs')],
  ['outside, by a linked folder', () => at('allowed', 'linked', 'evil.mjs')],
  ['in a folder whose name goes on', () => at('allowed-too', 'work.mjs')],
  ['in the folder itself', () => at('allowed')],
  ['nowhere', () => at('allowed', 'nothing.mjs')],
  ['of Node', () => 'node:fs'],
  ['in data', () => 'data:text/javascript,globalThis.evil=true;export const f=()=>{}'],
])('a module that is %s is refused, and not loaded', async (_, path) => {
  const reference = `${path()}:f`;
  expect(await ask(`apply ${JSON.stringify(reference)}`)).toBe(
    `expected a module in ${at('allowed')}, got '${reference}'`,
  );
  expect(globalThis).not.toHaveProperty('evil');
});

test.each([
  ['notAFunction', 'expected a function that the module exports'],
  ['nothing', 'expected a function that the module exports'],
  ['toString', 'expected a function that the module exports'],
  ['__proto__', 'expected a function that the module exports'],
])('%s is refused', async (name, message) => {
  const reference = `${at('allowed', 'work.mjs')}:${name}`;
  expect(await ask(`apply ${reference}`)).toBe(`${message}, got '${reference}'`);
});

test('a module that exports `then` is none to wait for', async () => {
  const module = 'export function then() {} export const f = () => {};';
  await writeFile(at('allowed', 'then.mjs'), module);
  expect(await ask(`apply ${at('allowed', 'then.mjs')}:f`)).toBe('apply-f-group-0');
  expect(await ask(`apply ${at('allowed', 'then.mjs')}:then`)).toBe('apply-then-group-0');
});

test('a function that has a `then` is refused, not called', async () => {
  const module =
    'export const f = Object.assign(() => {}, { then() { globalThis.evil = true; } });';
  await writeFile(at('allowed', 'thenable.mjs'), module);
  const reference = `${at('allowed', 'thenable.mjs')}:f`;
  expect(await ask(`apply ${reference}`)).toBe(
    `expected a function that the module exports, got '${reference}'`,
  );
  expect(globalThis).not.toHaveProperty('evil');
});

test('a module that never finishes loading keeps no request and no server waiting', async () => {
  await writeFile(at('allowed', 'endless.mjs'), 'await new Promise(() => {}); export const f = 1;');
  const server = new TCPControlServer(taskPool(), { port: 0, importFrom: [at('allowed')] });
  const wire = await Wire.greeted(await server.listen(), { format: 'json' });
  wire.send(JSON.stringify({ id: 1, line: `apply ${at('allowed', 'endless.mjs')}:f` }));
  wire.send('{"id":2,"abort":1}');
  expect(await wire.json()).toMatchObject({ id: 2, ok: true });
  expect(await wire.json()).toMatchObject({ id: 1, error: { code: 'RequestAborted' } });
  await server.close();
});

test('a module that does not load says why', async () => {
  const reference = `${at('allowed', 'broken.mjs')}:f`;
  expect(await ask(`apply ${reference}`)).toBe(
    `expected a module that loads, got '${reference}' (cannot load)`,
  );
});

test('without folders nothing is imported', async () => {
  const reference = `${at('allowed', 'work.mjs')}:double`;
  expect(await ask(`apply ${reference}`, [])).toBe(
    `expected a module in no folder, got '${reference}'`,
  );
});
