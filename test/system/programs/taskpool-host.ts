/**
 * Runs one command line of `taskpool` after the other, each as a process would that was started for it:
 * with a folder, an environment and an input of its own. Starting a process and loading the program
 * takes ten times as long as what most tests want to see of it. A signal, or an error that nobody
 * catches, ends this process as it would end that one.
 */

import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import type { HostedRun } from '../../support/hosts.ts';

type Program = typeof import('../../../src/cli/main.ts');

const [, , folder = ''] = process.argv;
const require = createRequire(import.meta.url);
const { main } = (require(`${folder}/main.cjs`) as Program).commandLine;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGTSTP', 'SIGCONT'] as const;
const ourConsole = globalThis.console;

function enter({ cwd, env, input }: HostedRun): void {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  const stdin = new PassThrough();
  stdin.end(input);
  Object.defineProperty(process, 'stdin', { configurable: true, value: stdin });
}

function leave(): void {
  globalThis.console = ourConsole;
  for (const signal of SIGNALS) process.removeAllListeners(signal);
  process.exitCode = undefined;
}

process.on('message', async (run: HostedRun) => {
  enter(run);
  const exitCode = await new Promise<number>((resolve) => {
    // It comes last wherever it is called.
    process.exit = resolve as typeof process.exit;
    void main(run.args).then(() => resolve(Number(process.exitCode ?? 0)));
  });
  leave();
  process.send?.(exitCode);
});
// The test has ended.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
