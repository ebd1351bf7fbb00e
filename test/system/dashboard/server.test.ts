/** The dashboard server as a page meets it: files over HTTP, everything else over a WebSocket. */

import { afterEach, expect, test } from 'vitest';
import { TaskPool } from 'xstate-taskpool';
import { ControlLink } from 'xstate-taskpool/control/client';
import { DashboardServer, type DashboardServerOptions } from 'xstate-taskpool/dashboard';
import { partsOf, wsLines } from '../../support/control/web-socket.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function serve(options: DashboardServerOptions = {}) {
  const pool = new TaskPool({ poolSize: 2, name: 'harbour' });
  const server = new DashboardServer(pool, options);
  undo.push(() => server.close());
  const { url } = await server.listen();
  const { socket, token } = partsOf(url);
  return { pool, server, url, origin: new URL(url).origin, socket, token };
}

function link(socket: string, token?: string, pool?: string): ControlLink {
  const options = {
    ...(token === undefined ? {} : { token }),
    ...(pool === undefined ? {} : { pool }),
  };
  const made = new ControlLink({ connect: wsLines(socket), ...options });
  undo.push(() => made.close());
  return made;
}

test('the link leads to the page, which says what it may load', async () => {
  const { url, origin } = await serve();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{32}$/);
  const response = await fetch(origin);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy).not.toContain('unsafe');
});

test('a page runs commands, and is told what happens', async () => {
  const { pool, socket, token } = await serve();
  const page = link(socket, token);
  expect(await page.connected()).toEqual({
    pool: 'TaskPool-harbour',
    pools: ['TaskPool-harbour'],
    readOnly: false,
    uids: [pool.uid],
  });
  const { seq, state } = await page.request('state');
  expect(state).toEqual(JSON.parse(JSON.stringify(pool.snapshot())));
  const events = page.watch({ since: seq });
  await page.request('poolSize', { size: 7 });
  expect(pool.poolSize).toBe(7);
  expect((await events.next()).value).toMatchObject({ type: 'pool.resized', poolSize: 7 });
  expect(await page.line('pool-size')).toEqual({ value: 7, text: '7' });
});

test('a page without the token is refused', async () => {
  const { socket } = await serve();
  await expect(link(socket, 'guess').connected()).rejects.toMatchObject({ code: 'NotAuthorized' });
  await expect(link(socket).connected()).rejects.toMatchObject({ code: 'NotAuthorized' });
});
