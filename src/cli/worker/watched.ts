/** `--watch`: the worker as a child that Node starts again when a module changes. */

import { spawn } from 'node:child_process';
import { dieOf } from '../../node/signals/die-of.ts';
import { REDIS_VARIABLE, redisOf } from '../redis-url.ts';
import type { WorkerFlags } from './flags.ts';

/**
 * Runs this command once more, without `--watch`, below Node's own watcher: it knows all that is imported.
 * Where Redis is goes into the environment, since there may be a password in it.
 */
export async function runWatched(flags: WorkerFlags): Promise<void> {
  const [node = '', script = '', ...words] = process.argv;
  const child = spawn(
    node,
    ['--watch', '--watch-preserve-output', script, ...withoutWatch(words)],
    {
      stdio: 'inherit',
      env: { ...process.env, [REDIS_VARIABLE]: redisOf(flags) },
    },
  );
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, pass);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.once('exit', (...ending) => resolve(ending));
  });
  if (signal !== null) dieOf(signal);
  else process.exit(code ?? 1);
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
