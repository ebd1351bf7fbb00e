/** Far side: the share of a pool's thread that a dashboard takes while nobody is attached to it. */
import { type Profiler, Session } from 'node:inspector/promises';
import { setImmediate } from 'node:timers/promises';
import { TaskPool } from 'xstate-taskpool';
import { answering } from '../far-side.ts';
import { CONCURRENCY, range } from '../model.ts';
import { noop } from '../workloads/w1-noop.ts';

export interface IdleShareRequest {
  readonly seconds: number;
}

/** Percent of the time in which the thread runs JavaScript or collects garbage. */
export type IdleShareAnswer = number;

/** Microseconds between two samples of the stack. */
const INTERVAL = 200;
/** Not part of the program's work. */
const OUTSIDE = ['(root)', '(idle)', '(program)'];

const session = new Session();
session.connect();

/** The scripts that a function loads, by id: all code that a pool without a server does not have. */
async function scriptsLoadedBy<T>(load: () => Promise<T>): Promise<[T, ReadonlySet<string>]> {
  const loaded = new Set<string>();
  session.on('Debugger.scriptParsed', ({ params }) => loaded.add(params.scriptId));
  await session.post('Debugger.enable');
  // Enabling it lists the scripts that are there.
  loaded.clear();
  const result = await load();
  await session.post('Debugger.disable');
  return [result, loaded];
}

/** Percent of the samples with a function of these scripts on the stack. */
function shareOf(scripts: ReadonlySet<string>, { nodes }: Profiler.Profile): number {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  let all = 0;
  let within = 0;
  const visit = (node: Profiler.ProfileNode | undefined, isCalled: boolean): void => {
    if (node === undefined) return;
    const { callFrame, hitCount = 0, children = [] } = node;
    const isWithin = isCalled || scripts.has(callFrame.scriptId);
    if (!OUTSIDE.includes(callFrame.functionName)) {
      all += hitCount;
      if (isWithin) within += hitCount;
    }
    for (const child of children) visit(byId.get(child), isWithin);
  };
  visit(nodes[0], false);
  return (100 * within) / all;
}

/** Runs no-ops as fast as they go. Timers are due in between. */
async function load(pool: TaskPool, seconds: number): Promise<void> {
  const items = range(10_000);
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {
    await pool.map(noop, items, { numConcurrent: CONCURRENCY }).settled();
    await setImmediate();
  }
}

answering<IdleShareRequest, IdleShareAnswer>(async ({ seconds }, say) => {
  const [{ DashboardServer }, scripts] = await scriptsLoadedBy(
    () => import('xstate-taskpool/dashboard'),
  );
  const pool = new TaskPool();
  const server = new DashboardServer(pool);
  await server.listen();
  await load(pool, 1);
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: INTERVAL });
  await session.post('Profiler.start');
  await load(pool, seconds);
  const { profile } = await session.post('Profiler.stop');
  await server.close();
  say(shareOf(scripts, profile));
});
