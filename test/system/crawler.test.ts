/**
 * Runs the crawler as a user does, kills it once, and lets it continue. What it promises is checked where
 * it shows: at the site, which keeps a record of each request, and in the journal.
 */

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { PoolEvent } from 'xstate-taskpool';
import { JsonlStore } from 'xstate-taskpool/journal/jsonl';
import type { Host } from '../../examples/crawler/host.ts';
import { HOSTS, Site } from '../../examples/crawler/site.ts';
import { all } from '../support/batches.ts';
import { builtProgram } from '../support/built.ts';
import { temporaryFolder } from '../support/folders.ts';
import { isLong } from '../support/length.ts';
import { Running } from '../support/running.ts';

const MAIN = builtProgram('examples/crawler/main.ts');
const SIZE = isLong
  ? { pages: 5_000, pace: 40, perHost: 4, rate: 50, timeout: 2_000 }
  : { pages: 120, pace: 5, perHost: 2, rate: 8, timeout: 1_500 };
const { pages, pace, perHost, rate, timeout } = SIZE;

test('a crawl that is killed and continues keeps all that it promises', async () => {
  const folder = await temporaryFolder();
  const journal = join(folder, 'journal');
  const output = join(folder, 'pages.tsv');
  const site = new Site({ pages, pace });
  const args = ['--site', String(await site.open()), '--journal', journal, '--output', output];
  args.push(...['--pages', pages, '--per-host', perHost, '--rate', rate].map(String));
  args.push('--timeout', String(timeout));
  const start = () => {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    return new Running(child);
  };
  onTestFinished(() => site.close());
  const hosts = [...site.hosts.values()];

  const began = [performance.now()];
  const first = start();
  await until(() => answered(site).size >= pages / 3);
  first.kill('SIGKILL');
  await first.exitCode;
  await until(() => hosts.every(({ open }) => open === 0));
  const doneBefore = doneIn(await eventsOf(journal));
  const visitsBefore = hosts.map(({ visits }) => visits.length);
  const pausesBefore = hosts.map(({ pauses }) => pauses.length);

  began.push(performance.now());
  const second = start();
  expect(await second.exitCode, second.output).toBe(0);
  expect(second.output).toContain('continues:');

  // Each page is in the list once, those too that were done before.
  const list = (await readFile(output, 'utf8')).trimEnd().split('\n');
  expect(list.map((line) => line.split('\t')[0])).toEqual(
    HOSTS.flatMap((host) => site.pathsOf(host).map((path) => `http://${host}${path}`)),
  );
  expect(list[1]).toMatch(/\/pages\/1\t200\t\d+\tarchive\.example, page 1$/);
  expect(answered(site).size).toBe(pages);

  // What the journal had as done was not asked for again.
  expect(doneBefore.size).toBeGreaterThan(0);
  const again = HOSTS.flatMap((host, index) =>
    visitsOf(site, host)
      .slice(visitsBefore[index])
      .map(({ path }) => `http://${host}${path}`),
  );
  expect(again.filter((url) => doneBefore.has(url))).toEqual([]);

  // So many at once for each host; of each process, so many in each second since it was started: a request
  // may be late, but never early.
  expect(Math.max(...hosts.map(({ mostOpen }) => mostOpen))).toBeLessThanOrEqual(perHost);
  for (const [index, host] of hosts.entries()) {
    const times = pageVisits(host).map(({ came }) => came);
    const cut = pageVisits({ visits: host.visits.slice(0, visitsBefore[index]) }).length;
    for (const [life, came] of [times.slice(0, cut), times.slice(cut)].entries()) {
      const early = came.filter((at, n) => at - (began[life] ?? 0) < 999 * Math.floor(n / rate));
      expect(early).toEqual([]);
    }
  }
  // In the journal they are not late, and there the rate holds over the kill, too.
  for (const times of startsIn(await eventsOf(journal)).values()) {
    expect(mostWithin(999, times)).toBeLessThanOrEqual(rate);
  }

  // A host that said when to come again got no more than what was on its way.
  expect(hosts.flatMap(({ pauses }) => pauses).length).toBeGreaterThan(0);
  for (const [index, { pauses }] of hosts.entries()) {
    // The process may have been killed before it had heard of the last one.
    const heard = pauses.filter((_, number) => number !== (pausesBefore[index] ?? 0) - 1);
    for (const { early } of heard) expect(early).toBeLessThan(perHost);
  }
}, 600_000);

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}

function visitsOf(site: Site, host: string): Host['visits'] {
  return site.hosts.get(host)?.visits ?? [];
}

function pageVisits({ visits }: Pick<Host, 'visits'>): Host['visits'] {
  return visits.filter(({ path }) => path.startsWith('/pages/'));
}

/** The pages that the site has answered. */
function answered(site: Site): Set<string> {
  const found = [...site.hosts].flatMap(([name, host]) =>
    pageVisits(host)
      .filter(({ status }) => status === 200 || status === 404)
      .map(({ path }) => name + path),
  );
  return new Set(found);
}

/** The most times that lie within so many milliseconds. */
function mostWithin(ms: number, times: readonly number[]): number {
  const counts = times.map((from) => times.filter((at) => at >= from && at < from + ms).length);
  return Math.max(0, ...counts);
}

async function eventsOf(journal: string): Promise<PoolEvent[]> {
  const store = await JsonlStore.open(journal, { readonly: true });
  const events = await all(store.read());
  await store.close();
  return events;
}

/** The pages whose tasks have ended. */
function doneIn(events: readonly PoolEvent[]): Set<string> {
  const done = new Set<string>();
  for (const event of events) {
    if (event.type !== 'task.ended' || event.group !== 'pages') continue;
    const url = String(event.value).split('\t')[0];
    if (event.outcome === 'fulfilled' && url !== undefined) done.add(url);
  }
  return done;
}

/** By host: when attempts began. */
function startsIn(events: readonly PoolEvent[]): Map<unknown, number[]> {
  const hostOf = new Map<number, unknown>();
  const starts = new Map<unknown, number[]>();
  for (const event of events) {
    if (event.type === 'task.queued') hostOf.set(event.id, event.keys?.['host']);
    if (event.type !== 'task.started') continue;
    const host = hostOf.get(event.id);
    if (host !== undefined) starts.set(host, [...(starts.get(host) ?? []), event.at]);
  }
  return starts;
}
