/** `taskpool inspect` as a process: the link first, and what a real program sends to its port. */

import { spawn } from 'node:child_process';
import { createWebSocketInspector } from '@statelyai/inspect';
import { afterEach, expect, test } from 'vitest';
import { createActor } from 'xstate';
import { TaskPool } from 'xstate-taskpool';
import { DashboardServer } from 'xstate-taskpool/dashboard';
import { acceptEvents } from 'xstate-taskpool/inspect';
import { MAIN } from '../../support/built.ts';
import { taskpoolProcess } from '../../support/command-line.ts';
import { ended } from '../../support/ended.ts';
import { Reader } from '../../support/inspector/reader.ts';
import { orderMachine } from '../../support/inspector/shop.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** The first line of stdout, and the process. */
async function start() {
  const child = spawn(process.execPath, [MAIN, 'inspect', '--port', '0']);
  undo.push(() => child.kill('SIGKILL'));
  child.stderr.resume();
  let text = '';
  child.stdout.setEncoding('utf8');
  for await (const piece of child.stdout) {
    text += piece;
    if (text.includes('\n')) break;
  }
  const link = text.slice(0, text.indexOf('\n'));
  return { child, link, port: Number(new URL(link).port) };
}

function read(link: string): Reader {
  const reader = new Reader(link);
  undo.push(() => reader.close());
  return reader;
}

test('prints the link of its page alone on the first line, and takes programs at its port', async () => {
  const { child, link, port } = await start();
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{20,}$/);
  expect(await (await fetch(link)).text()).toContain('<title>inspector</title>');

  const inspector = createWebSocketInspector({ url: `ws://127.0.0.1:${port}` });
  undo.push(() => inspector.stop());
  const order = createActor(orderMachine, { inspect: inspector.inspect }).start();
  order.send({ type: 'ADD', name: 'teapot', price: 30 });
  const seen = read(link);
  await seen.until(() => [...seen.history.actors.values()].some(({ events }) => events.length > 1));
  expect(Array.from(seen.history.actors.values(), ({ name }) => name)).toEqual(['order', 'stock']);

  child.kill('SIGINT');
  expect(await ended(child)).toBe(0);
});

test('a port that is taken is an error that says what to do', async () => {
  const { port } = await start();
  const second = await taskpoolProcess(['inspect', '--port', String(port)]);
  expect(second).toMatchObject({ exitCode: 1, stdout: '' });
  expect(second.stderr).toContain('--port takes another one');
});

test('events are sent to actors of programs that accept them, and a pool is linked to its dashboard', async () => {
  const { link, port } = await start();
  const inspector = createWebSocketInspector({ url: `ws://127.0.0.1:${port}` });
  undo.push(() => inspector.stop());
  const filter = ({ type }: { readonly type: string }): boolean => type !== 'BACK';
  const accepting = acceptEvents(inspector, { filter });
  undo.push(() => accepting.stop());
  const order = createActor(orderMachine, { inspect: accepting.inspect }).start();
  const pool = new TaskPool({ name: 'tides', inspect: accepting.inspect });
  const reader = read(link);
  await reader.until(({ news }) => news.some(({ programs }) => programs?.[0]?.accepts === true));
  const has =
    ({ sessionId }: { readonly sessionId: string }) =>
    () =>
      reader.history.actorOf(0, sessionId) !== undefined;
  await reader.until(has(order));

  const added = new Promise<void>((resolve) => {
    order.subscribe(({ context }) => context.items.length > 0 && resolve());
  });
  reader.send(0, order.sessionId, { type: 'ADD', name: 'cup', price: 3 });
  await added;

  const refusals = () => reader.news.flatMap(({ refusals }) => refusals.map(({ why }) => why));
  const refused: readonly [unknown, string][] = [
    [{ type: 'BACK' }, 'the program does not let this event in'],
    [{ type: 'xstate.stop' }, "events named xstate.stop are xstate's own"],
    [{ kind: 'ADD' }, 'expected an event with a type'],
  ];
  for (const [event, why] of refused) {
    reader.send(0, order.sessionId, event);
    await reader.until(() => refusals().includes(why));
  }
  reader.send(0, 'nobody', { type: 'ADD' });
  await reader.until(() => refusals().includes('there is no such actor any more'));
  reader.send(7, order.sessionId, { type: 'ADD' });
  await reader.until(() => refusals().includes('the program takes no events'));
  expect(order.getSnapshot().context.items).toHaveLength(1);

  // A dashboard that comes late is linked as well.
  const dashboard = new DashboardServer(pool);
  undo.push(() => dashboard.close());
  const { url } = await dashboard.listen();
  const id = pool.actor.sessionId;
  await reader.until(({ news }) =>
    news.some(({ programs }) => programs?.[0]?.dashboards[id] === url),
  );
  await pool.gatherAndClose();
});

test('an inspector of somebody else gets nothing but what it got before', async () => {
  const { WebSocketServer } = await import('ws');
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  undo.push(() => server.close());
  const received: string[] = [];
  const gone = new Promise((resolve) => {
    server.on('connection', (socket) => {
      socket.on('message', (data) => received.push(JSON.parse(String(data)).type));
      socket.on('close', resolve);
      socket.send('no JSON');
      socket.send('{"type":"@taskpool.send","sessionId":"x:0"}');
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const inspector = createWebSocketInspector({ url: `ws://127.0.0.1:${port}` });
  const accepting = acceptEvents(inspector);
  const opened = new Promise((resolve) => server.once('connection', resolve));
  createActor(orderMachine, { inspect: accepting.inspect }).start();
  await opened;
  await expect.poll(() => received.length).toBeGreaterThan(3);
  accepting.stop();
  inspector.stop();
  await gone;
  expect(received.filter((type) => type.startsWith('@taskpool.'))).toEqual([]);
});
