/**
 * `npm run bench:all`: the benchmarks of tasks, journals and `taskpool run`, one after the other. Options are passed
 * to those that accept them. Exits with 1 if one of them failed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const options = process.argv.slice(2);

async function run(program: string, args: readonly string[]): Promise<void> {
  const start = performance.now();
  const path = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: 'inherit' });
  const [code] = await once(child, 'close');
  if (code !== 0) process.exitCode = 1;
  const minutes = (performance.now() - start) / 60_000;
  process.stderr.write(`${program}: ${minutes.toFixed(1)} min\n`);
}

await run('main.js', options);
await run('journal/main.js', options);
await run('run/main.js', []);
