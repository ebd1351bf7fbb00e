/** `--watch`: runs the worker as a child process and restarts it when a module changes. */

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

/** Makes Node report the modules that a process loads to its parent, as its own `--watch` does. */
const REPORTING = { WATCH_REPORT_DEPENDENCIES: '1' };
const PACKAGES = /[\\/]node_modules[\\/]/;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs this command without `--watch` in a child, restarted on changes, until a signal arrives. Node's own `--watch`
 * loses a file that was replaced by another one, as editors do. The URL of Redis is passed in the environment, since
 * it may contain a password.
 */
export async function runWatched(path: string, flags: WorkerFlags): Promise<never> {
  const env = { ...process.env, ...REPORTING, [REDIS_VARIABLE]: redisOf(flags) };
  const changes = new Changes();
  changes.add(resolve(path));
  let child: ChildProcess;
  /** Whether the child was sent a signal already: the second one ends it immediately. */
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
    if (hasEnded(child)) say('the worker has ended: it starts again when a module changes');
    say(`${relative('', await changed)} has changed`);
    if (!isStopping) child.kill('SIGTERM');
    isStopping = true;
    await ended;
  }
}

/** Starts the child in its own process group, so that it gets signals of the terminal once, from its parent. */
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

/** Ends this process with the exit code or signal of the worker. */
function endLike(code: number | null, signal: NodeJS.Signals | null): void {
  if (signal === null) process.exit(code ?? ExitCode.failed);
  dieOf(signal);
}

/** The loaded modules in a report of Node, without those of packages, which do not change. */
function filesIn(message: unknown): string[] {
  const { 'watch:import': urls = [], 'watch:require': paths = [] } = Object(message) as {
    readonly [what: string]: readonly unknown[];
  };
  return [...urls, ...paths].flatMap((place) => {
    // Built-in modules have no path.
    const text = String(place);
    const file = text.startsWith('file:') ? fileURLToPath(text) : text;
    return isAbsolute(file) && !PACKAGES.test(file) ? [file] : [];
  });
}

function say(message: string): void {
  process.stderr.write(complaint(printableLine(message)));
}

/** The command line without `--watch` and `--redis`. */
function withoutWatch(words: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === '--redis') i++;
    else if (word !== '--watch' && !word.startsWith('--redis=')) kept.push(word);
  }
  return kept;
}
