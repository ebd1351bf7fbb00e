/** `--watch`: the worker as a child that is started again when a module changes. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dieOf } from '../../node/signals/die-of.ts';
import { printableLine } from '../../printable/text.ts';
import { complaint } from '../complaint.ts';
import { ExitCode } from '../exit.ts';
import { REDIS_VARIABLE, redisOf } from '../redis-url.ts';
import { Changes } from './changes.ts';
import type { WorkerFlags } from './flags.ts';

/** Makes Node tell the parent of a process which modules it loads, as for its own `--watch`. */
const REPORTING = { WATCH_REPORT_DEPENDENCIES: '1' };
const PACKAGES = /[\\/]node_modules[\\/]/;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs this command without `--watch`, again and again, until a signal ends it. Node's own `--watch` is deaf to a file
 * once another one was put in its place, as editors do. Where Redis is goes into the environment, since there may
 * be a password in it.
 */
export async function runWatched(path: string, flags: WorkerFlags): Promise<never> {
  const env = { ...process.env, ...REPORTING, [REDIS_VARIABLE]: redisOf(flags) };
  const changes = new Changes();
  changes.add(resolve(path));
  let child: ChildProcess;
  /** Whether it was sent a signal: the second one ends it at once. */
  let isStopping = false;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (hasEnded(child)) return dieOf(signal);
      const isFirst = !child.listeners('exit').includes(endLike);
      if (isFirst) child.once('exit', endLike);
      if (!(isFirst && isStopping)) child.kill(signal);
      isStopping = true;
    });
  }
  for (;;) {
    child = start(env, changes);
    isStopping = false;
    const ended = once(child, 'exit');
    const changed = changes.next();
    await Promise.race([ended, changed]);
    if (hasEnded(child)) say('the worker has ended: it is started again when a module changes');
    say(`${relative('', await changed)} has changed`);
    if (!isStopping) child.kill('SIGTERM');
    isStopping = true;
    await ended;
  }
}

/** In a process group of its own: what the terminal sends to all is passed on to it once, by its parent. */
function start(env: NodeJS.ProcessEnv, changes: Changes): ChildProcess {
  const [node = '', script = '', ...words] = process.argv;
  const child = spawn(node, [...process.execArgv, script, ...withoutWatch(words)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: true,
    env,
  });
  return child.on('message', (message) => {
    for (const file of filesIn(message)) changes.add(file);
  });
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Ends this process as the worker has ended. */
function endLike(code: number | null, signal: NodeJS.Signals | null): void {
  if (signal === null) process.exit(code ?? ExitCode.failed);
  dieOf(signal);
}

/** The modules that were loaded, by what Node says of that: those of packages do not change. */
function filesIn(message: unknown): string[] {
  const { 'watch:import': urls = [], 'watch:require': paths = [] } = Object(message) as {
    readonly [what: string]: readonly unknown[];
  };
  return [...urls, ...paths].flatMap((place) => {
    // Modules of Node itself have no place, or another one.
    const text = String(place);
    const file = text.startsWith('file:') ? fileURLToPath(text) : text;
    return isAbsolute(file) && !PACKAGES.test(file) ? [file] : [];
  });
}

function say(message: string): void {
  process.stderr.write(complaint(printableLine(message)));
}

/** The words of the command line without `--watch`, and without the URL. */
function withoutWatch(words: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === '--redis') i++;
    else if (word !== '--watch' && !word.startsWith('--redis=')) kept.push(word);
  }
  return kept;
}
