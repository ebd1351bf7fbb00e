/**
 * Proof by killing: a job is killed with SIGKILL at random moments, and resumed until it is done.
 * `RESUME_SEED` repeats a run, `RESUME_ROUNDS` says how many rounds there are.
 */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type PoolEvent, replay, TaskPool } from 'xstate-taskpool';
import { builtProgram } from '../../support/built.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { isLong } from '../../support/length.ts';
import { describeWithRedis, redisForTests } from '../../support/redis.ts';
import { type Effect, Job, type JobSettings, type Kill } from './job.ts';
import { Random } from './random.ts';

const SEED = Number(process.env['RESUME_SEED'] ?? Date.now() % 1_000_000);
const ROUNDS = Number(process.env['RESUME_ROUNDS'] ?? (isLong ? 50 : 4));
const ITEMS = isLong ? 2000 : 1200;

/**
 * Both stores on the disk, or the one in a Redis; both kinds of sources, with and without checkpoints: any two of
 * them within four rounds.
 */
function settingsOf(round: number, folder: string, port: number | undefined): JobSettings {
  return {
    program: builtProgram('test/system/programs/resumable-job.ts'),
    folder: join(folder, String(round)),
    kind: port !== undefined ? 'redis' : round % 2 === 0 ? 'sqlite' : 'jsonl',
    port,
    items: ITEMS,
    source: (round >> 1) % 2 === 0 ? 'array' : 'generator',
    every: (round ^ (round >> 1) ^ (round >> 2)) % 2 === 0 ? undefined : 1500,
  };
}

/** One or two kills. The last one falls within the work, so that a journal is there to resume from. */
function killsOf(random: Random, hurry: number): Kill[] {
  const withinTheWork = (): Kill => ({ after: 'ready', delay: random.below(120) / hurry });
  const before = (): Kill =>
    random.below(3) === 0 ? { after: 'start', delay: random.below(250) } : withinTheWork();
  return random.below(2) === 0 ? [before(), withinTheWork()] : [withinTheWork()];
}

interface Round {
  readonly job: Job;
  readonly kills: number;
}

/** Runs a job to its end; one that was too quick for its kills does not count. */
async function run(round: number, folder: string, port: number | undefined): Promise<Round> {
  const random = new Random(SEED + round * 7919);
  for (let hurry = 1; ; hurry++) {
    const job = new Job(settingsOf(round, join(folder, String(hurry)), port));
    const kills = killsOf(random, hurry);
    if (await killAgainAndAgain(job, kills)) return { job, kills: kills.length };
  }
}

/** True if each of the kills met a process that was still running. */
async function killAgainAndAgain(job: Job, kills: readonly Kill[]): Promise<boolean> {
  for (const kill of kills) if (await job.live(kill)) return false;
  expect(await job.live(undefined)).toBe(true);
  return true;
}

/** The events of a type. */
function ofType<T extends PoolEvent['type']>(events: readonly PoolEvent[], type: T) {
  return events.filter((event): event is Extract<PoolEvent, { type: T }> => event.type === type);
}

function checkEffects(effects: readonly Effect[], events: readonly PoolEvent[]): void {
  const items = [...new Set(effects.map(({ item }) => item))].sort((a, b) => a - b);
  expect(items).toEqual([...Array(ITEMS).keys()]);
  const endedAt = new Map(ofType(events, 'task.ended').map(({ id, seq }) => [id, seq]));
  // What the journal knew to have ended when a process began was not run by it.
  const again = effects.filter(({ id, began }) => (endedAt.get(id) ?? -1) < began);
  expect(again).toEqual([]);
  // No process has run an attempt twice.
  const runs = effects.map(({ id, attempt, process }) => `${id} ${attempt} ${process}`);
  expect(new Set(runs).size).toBe(runs.length);
  for (const { item, id } of effects) if (item !== id) throw new Error(`task ${id} ran ${item}`);
}

async function check({ job }: Round): Promise<number> {
  const events = await job.events();
  checkEffects(await job.effects(), events);
  const end = await job.endState();
  const ended = ofType(events, 'task.ended');
  expect(end.totals).toEqual({
    created: ofType(events, 'task.queued').length,
    started: ofType(events, 'task.started').length,
    fulfilled: ended.filter(({ outcome }) => outcome === 'fulfilled').length,
    rejected: 0,
    cancelled: 0,
  });
  expect(end.totals.fulfilled).toBe(ITEMS);
  expect(ended.length).toBe(ITEMS);
  expect(replay(events)).toEqual(end);
  let compared = 0;
  for (const state of await job.resumedStates()) {
    expect(replay(events, { until: state.seq })).toEqual(state);
    compared++;
  }
  return compared;
}

async function runAll(numRounds: number, port?: number): Promise<void> {
  const folder = await temporaryFolder();
  const pool = new TaskPool({ poolSize: 2 });
  const group = pool.map(
    async (round: number) => {
      const done = await run(round, folder, port);
      return { kills: done.kills, compared: await check(done) };
    },
    Array(numRounds).keys(),
    { numConcurrent: 2 },
  );
  const rounds = await group.results().finally(() => pool.gatherAndClose());
  const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
  const kills = sum(rounds.map((round) => round.kills));
  expect(kills).toBeGreaterThanOrEqual(numRounds);
  expect(sum(rounds.map((round) => round.compared))).toBeGreaterThanOrEqual(numRounds);
}

test(`whenever it is killed, it goes on to the end (RESUME_SEED=${SEED})`, async () => {
  await runAll(ROUNDS);
}, 300_000);

describeWithRedis('with its journal in Redis', () => {
  const server = redisForTests();

  test(`whenever it is killed, it goes on to the end (RESUME_SEED=${SEED})`, async () => {
    await runAll(Math.ceil(ROUNDS / 2), server.port);
  }, 300_000);
});
