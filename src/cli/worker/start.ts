/** Runs `taskpool worker`: serves the functions of a module to a cluster. */

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ClusterWorker, type JobReport, moduleHash, serve } from '../../cluster/index.ts';
import { dieOf } from '../../node/signals/die-of.ts';
import { printableError } from '../../printable/error.ts';
import { printableLine } from '../../printable/text.ts';
import { complaint } from '../complaint.ts';
import { CommandFailed, ExitCode } from '../exit.ts';
import { loadModule } from '../load-module.ts';
import { redisOf } from '../redis-url.ts';
import { asUsageError } from '../refusal.ts';
import type { WorkerFlags } from './flags.ts';
import { serveHealth } from './health.ts';
import { runWatched } from './watched.ts';

/** Serves until a signal arrives. */
export async function startWorker(path: string, flags: WorkerFlags): Promise<void> {
  if (flags.watch === true) return runWatched(path, flags);
  const { exports } = await loadModule(path);
  const worker = await open(path, exports, flags);
  // Installed before readiness is printed: a supervisor that reads it may send a signal immediately.
  const signalled = firstSignal();
  const { id, functions } = worker.status();
  say(`${id} serves ${functions.join(', ')} as ${flags.name}, ${flags.concurrency ?? 1} at once`);
  if (flags.health !== undefined) {
    const { url } = await serveHealth(flags.health, () => worker.status());
    say(`health: ${url}/health, metrics: ${url}/metrics`);
  }
  await close(worker, await signalled, flags.grace);
}

async function open(path: string, module: object, flags: WorkerFlags): Promise<ClusterWorker> {
  const { name, concurrency = 1, prefix, moduleVersion, hash = false, lease, quiet } = flags;
  const connection = redisOf(flags);
  const version = hash ? await moduleHash(pathToFileURL(resolve(path))) : moduleVersion;
  try {
    return await serve(module, name, {
      connection,
      concurrency,
      ...(prefix === undefined ? {} : { prefix }),
      ...(version === undefined ? {} : { version }),
      ...(lease === undefined ? {} : { lease }),
      logger: { warn: say },
      ...(quiet === true ? {} : { onJob: printJob }),
    });
  } catch (error) {
    const refused = asUsageError(error);
    if (refused !== error) throw refused;
    throw new CommandFailed(ExitCode.failed, printableError(error));
  }
}

/**
 * Resolves with the first signal, which closes the worker gracefully. The second one ends the process immediately.
 */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let isEnding = false;
    const onSignal = (received: NodeJS.Signals) => {
      if (isEnding) dieOf(received);
      isEnding = true;
      resolve(received);
    };
    for (const each of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(each, onSignal);
  });
}

async function close(
  worker: ClusterWorker,
  signal: NodeJS.Signals,
  grace: number | undefined,
): Promise<void> {
  const { running } = worker.status();
  say(`${signal}: takes no more calls${running === 0 ? '' : `, ${running} are running`}`);
  await worker.close(grace === undefined ? {} : { grace });
  const { totals } = worker.status();
  say(`closed: ${totals.fulfilled} calls fulfilled, ${totals.returned} given back`);
  // Functions that ignore their abort signals must not keep the process alive.
  process.exit(ExitCode.fine);
}

function printJob({ functionName, poolName, id, attempt, outcome, ran, error }: JobReport): void {
  const task = `${poolName}#${id}${attempt === 1 ? '' : `.${attempt}`}`;
  const text = `${functionName} ${task} ${outcome} ${Math.round(ran)} ms`;
  const line = error === undefined ? text : `${text}: ${error}`;
  process.stdout.write(`${new Date().toISOString()} ${printableLine(line)}\n`);
}

function say(message: string): void {
  process.stderr.write(complaint(printableLine(message)));
}
