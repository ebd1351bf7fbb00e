/** A separate Redis for a measurement, if it is installed. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const hasRedisServer = spawnSync('redis-server', ['--version']).status === 0;

/** Runs a function with a Redis that is ended afterwards. @param run called with its port on this machine. */
export async function withRedisServer<T>(run: (port: number) => Promise<T>): Promise<T> {
  const port = 20_000 + Math.floor(Math.random() * 12_000);
  const folder = mkdtempSync(join(tmpdir(), 'taskpool-bench-redis-'));
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const server = spawn('redis-server', [...place, '--save', ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = () => server.kill('SIGKILL');
  process.once('exit', kill);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('close', () => reject(new Error('Expected redis-server to start.')));
      server.stdout.on('data', (text) => {
        if (String(text).includes('eady to accept')) resolve();
      });
    });
    return await run(port);
  } finally {
    process.off('exit', kill);
    kill();
    rmSync(folder, { recursive: true });
  }
}

/** Microseconds of processor time that a Redis on this machine has used so far. */
export async function redisCost(port: number): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  socket.end('INFO cpu\r\nQUIT\r\n');
  let info = '';
  for await (const text of socket.setEncoding('utf8')) info += text;
  const secondsOf = (kind: string) =>
    Number(new RegExp(`used_cpu_${kind}:([\\d.]+)`).exec(info)?.[1]);
  return (secondsOf('user') + secondsOf('sys')) * 1_000_000;
}
