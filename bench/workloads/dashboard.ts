/** The dashboard: the cost of a page for the process of its pool, and the duration of a jump in time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { TaskPool } from 'xstate-taskpool';
import { connect, TCPControlServer } from 'xstate-taskpool/control';
import { DashboardServer } from 'xstate-taskpool/dashboard';
import type { IdleShareAnswer, IdleShareRequest } from '../control/idle-share.ts';
import type { PageAnswer, PageRequest } from '../control/page.ts';
import { FarSide } from '../far-side.ts';
import { CONCURRENCY, count, ours, peer, range, type Scale, type Section } from '../model.ts';
import { median } from '../stats.ts';
import { noop } from './w1-noop.ts';

const EVENTS_PER_SECOND = 5000;
/** Queued, started, ended. */
const EVENTS_PER_TASK = 3;

async function shortly(item: number): Promise<number> {
  await sleep(1 + (item % 12));
  return item;
}

/** Numbers at a steady rate, a few at a time. */
async function* steadily(seconds: number): AsyncGenerator<number> {
  const start = performance.now();
  const perSecond = EVENTS_PER_SECOND / EVENTS_PER_TASK;
  for (let given = 0; given < perSecond * seconds; ) {
    await sleep(10);
    const due = ((performance.now() - start) / 1000) * perSecond;
    while (given < Math.min(due, perSecond * seconds)) yield given++;
  }
}

/** Processor time of the thread of the pool, in microseconds; of its process if Node does not provide that. */
function spent(): number {
  // The installed types are of an older Node.
  const { threadCpuUsage } = process as Partial<Record<'threadCpuUsage', typeof process.cpuUsage>>;
  const { user, system } = (threadCpuUsage ?? process.cpuUsage).call(process);
  return user + system;
}

/** Microseconds of processor time in the thread of the pool, per event. */
async function load(hasPage: boolean, seconds: number): Promise<number> {
  await loadOnce(hasPage, 2);
  return await loadOnce(hasPage, seconds);
}

let page: FarSide<PageRequest, PageAnswer> | undefined;

async function loadOnce(hasPage: boolean, seconds: number): Promise<number> {
  const pool = new TaskPool({ poolSize: 24 });
  const server = hasPage ? new DashboardServer(pool) : undefined;
  if (server !== undefined) {
    const { url } = await server.listen();
    page ??= new FarSide('control/page');
    await page.ask({ url });
  }
  const before = spent();
  await pool.map(shortly, steadily(seconds), { numConcurrent: 24 }).settled();
  const took = spent() - before;
  await server?.close();
  return took / pool.journal.nextSeq;
}

/** Percent of the thread of a pool that is taken by a server to which nobody is attached. */
async function idleShare(seconds: number): Promise<number> {
  const far = new FarSide<IdleShareRequest, IdleShareAnswer>('control/idle-share');
  const share = await far.ask({ seconds });
  await far.end();
  return share;
}

/** Milliseconds to get a past state, at places all over a long history. */
async function jump(events: number): Promise<number> {
  const pool = new TaskPool({ journal: { size: events + 1000 } });
  const tasks = Math.floor(events / EVENTS_PER_TASK);
  await pool.map(noop, range(tasks), { numConcurrent: CONCURRENCY }).settled();
  const server = new TCPControlServer(pool, { port: 0 });
  const client = await connect({ port: (await server.listen()).port });
  const times: number[] = [];
  const last = pool.journal.nextSeq - 1;
  for (let place = 0; place < 60; place++) {
    const at = Math.floor(last * ((place * 0.618_034) % 1));
    const start = performance.now();
    await client.state({ at, ended: 200, checkpoint: true });
    // The first ones are not counted: meanwhile states are stored all over the history.
    if (place >= 20) times.push(performance.now() - start);
  }
  await client.close();
  await server.close();
  return median(times);
}

export function dashboardSections({ quick }: Scale): Section[] {
  const seconds = quick ? 2 : 10;
  const events = quick ? 100_000 : 1_000_000;
  return [
    {
      id: 'dashboard-load',
      title: `${count(EVENTS_PER_SECOND)} events a second, in the thread of the pool`,
      unit: 'µs of processor time per event',
      compared: true,
      contenders: [
        peer('no server', () => load(false, seconds)),
        ours('1 page', () => load(true, seconds)),
      ],
    },
    {
      id: 'dashboard-idle',
      title: 'async no-ops as fast as they go, with a dashboard to which nobody is attached',
      unit: '% of the thread of the pool in code of the dashboard',
      contenders: [ours('nobody attached', () => idleShare(seconds))],
    },
    {
      id: 'dashboard-jump',
      title: `${count(events)} events of history, to a place in it`,
      unit: 'ms',
      contenders: [ours('state --at', () => jump(events))],
    },
  ];
}
