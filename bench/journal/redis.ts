/** A Redis for a measurement, where there is one on this machine. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedisStore } from 'xstate-taskpool/journal/redis';

const PORT = 'TASKPOOL_BENCH_REDIS';

/** Whether there is one to measure with. */
export const hasRedis =
  process.env[PORT] !== undefined || spawnSync('redis-server', ['--version']).status === 0;

/** Starts one for all processes of a measurement, and ends it at last. */
export async function inSharedRedis(run: () => Promise<void>): Promise<void> {
  if (process.env[PORT] !== undefined || !hasRedis) return run();
  const port = String(20_000 + Math.floor(Math.random() * 12_000));
  const folder = mkdtempSync(join(tmpdir(), 'taskpool-bench-redis-'));
  const settings = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const server = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('close', () => reject(new Error('Expected redis-server to start.')));
      server.stdout.on('data', (text) => {
        if (String(text).includes('eady to accept')) resolve();
      });
    });
    process.env[PORT] = port;
    await run();
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
}

let journals = 0;

/** A journal that nobody has used. */
export function openInRedis(): Promise<RedisStore> {
  const connection = { host: '127.0.0.1', port: Number(process.env[PORT]) };
  return RedisStore.open(`bench-${process.pid}-${journals++}`, { connection });
}
