/** A real Redis for the tests of a file: a separate process on a free port. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest';
import { hasTool } from './tools.ts';

const HAS_REDIS = hasTool('redis-server');
if (!HAS_REDIS) {
  console.warn('redis-server is not installed: the tests that need it are skipped.');
}

/**
 * Like `describe`, for tests that need a Redis: they are skipped on a machine without `redis-server`, and fail there
 * if `CI` is set.
 */
export const describeWithRedis = HAS_REDIS ? describe : describe.skip;

/**
 * The lease of workers in tests that do not depend on it, in milliseconds: on a busy machine an event loop may stand
 * still for seconds.
 */
export const LONG_LEASE = 60_000;

export interface RedisOptions {
  /** The password of clients. Default: none. */
  readonly password?: string;
  /** Whether it writes an append-only file, so that a restart finds the data. Default: no. */
  readonly appendOnly?: 'always' | 'everysec';
  /** Its key and certificate: it only accepts TLS connections, and `ask` cannot be used. */
  readonly tls?: { readonly keyFile: string; readonly certFile: string };
  /** Any other setting: `{ maxmemory: '3mb' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Makes it a Sentinel without data that monitors this server, `main`, and decides alone and quickly. */
  readonly watches?: RedisServer;
}

/** Below the ports that systems assign to connections, so that it stays free while Redis is down. */
const PORTS = { first: 20_000, count: 12_000 };
const HOST = '127.0.0.1';
/** The name of the server that a Sentinel monitors. */
const WATCHED = 'main';
/** The first output of a listening server or Sentinel. */
const READY = /eady to accept connections|Sentinel ID is/;

/** A Redis for all tests of a file or of the surrounding `describe`. */
export function redisForTests(options: RedisOptions = {}): RedisServer {
  const server = new RedisServer(options);
  beforeAll(() => server.start());
  afterAll(() => server.end());
  return server;
}

/** A Redis for one test, which ends after everything that the test closes later, since closing would wait for it. */
export async function redisForTest(options: RedisOptions = {}): Promise<RedisServer> {
  const server = new RedisServer(options);
  onTestFinished(() => server.end());
  await server.start();
  return server;
}

export class RedisServer implements AsyncDisposable {
  readonly host = HOST;
  readonly password: string | undefined;
  readonly #options: RedisOptions;
  readonly #killAtExit = () => this.#child?.kill('SIGKILL');
  /** The folder for its files. */
  #folder: string | undefined = undefined;
  #child: ChildProcess | undefined = undefined;
  #port = 0;

  constructor(options: RedisOptions = {}) {
    this.#options = options;
    this.password = options.password;
  }

  /** The port on which it listens; the same after a restart. */
  get port(): number {
    return this.#port;
  }

  /** With the password, if there is one. */
  get url(): string {
    const user = this.password === undefined ? '' : `:${encodeURIComponent(this.password)}@`;
    return `redis://${user}${this.host}:${this.#port}`;
  }

  /** The connection options for ioredis and BullMQ. */
  get connection(): { host: string; port: number; password?: string } {
    const { host, port, password } = this;
    return { host, port, ...(password === undefined ? {} : { password }) };
  }

  /**
   * The same for a worker whose heartbeats must come from its event loop: a connection with a function gets no
   * heartbeat thread. Such a thread, with its own client, takes as long to start as a test.
   */
  get withoutThread() {
    const retryStrategy = (times: number) => Math.min(times * 50, 2000);
    return { ...this.connection, retryStrategy };
  }

  /** The same for the server that the Sentinel monitors. */
  get watched(): { sentinels: { host: string; port: number }[]; name: string } {
    return { sentinels: [{ host: this.host, port: this.port }], name: WATCHED };
  }

  /** Starts it, or restarts it on the same port; resolves when it answers. */
  async start(): Promise<void> {
    if (this.#folder === undefined) {
      this.#folder = mkdtempSync(join(tmpdir(), 'taskpool-redis-'));
      process.on('exit', this.#killAtExit);
    }
    for (let attempt = 1; ; attempt++) {
      const port =
        this.#port !== 0 ? this.#port : PORTS.first + Math.floor(Math.random() * PORTS.count);
      const output = await this.#run(port, this.#folder);
      if (output === undefined) {
        this.#port = port;
        return;
      }
      if (attempt === 20 || !output.includes('ddress already in use')) {
        throw new Error(`expected redis-server to start, got: ${output}`);
      }
      // Its previous port is free again as soon as the system has noticed its end.
      if (this.#port !== 0) await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Ends it like a power loss. Only its append-only file is left, if it writes one. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** Stops the process: connections stay open without answers. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  /**
   * Sends a command over a new connection; resolves with its answer: a line for a status, number or error, or a
   * longer text.
   */
  async ask(...words: string[]): Promise<string> {
    const { password } = this;
    const commands = password === undefined ? [words] : [['AUTH', password], words];
    const socket = connect(this.#port, this.host);
    socket.end(`${commands.map(encode).join('')}${encode(['QUIT'])}`);
    let answer = '';
    for await (const part of socket.setEncoding('utf8')) answer += part;
    const said = answer.slice(password === undefined ? 0 : '+OK\r\n'.length, -'+OK\r\n'.length);
    return said.replace(/^(?:[+:-]|\$\d+\r\n)/, '').trimEnd();
  }

  /** Ends it, and removes its files. */
  async end(): Promise<void> {
    await this.#end('SIGKILL');
    process.off('exit', this.#killAtExit);
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }

  /** Undefined if it runs; otherwise its output. */
  #run(port: number, dir: string): Promise<string | undefined> {
    const args = this.#arguments(port, dir);
    const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    return new Promise((resolve, reject) => {
      let output = '';
      child.once('error', (cause) => {
        const message = 'expected redis-server on the PATH: apt-get install redis-server';
        reject(new Error(message, { cause }));
      });
      child.once('close', () => resolve(output));
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text;
          if (READY.test(output)) resolve(undefined);
        });
      }
    });
  }

  #arguments(port: number, dir: string): string[] {
    const { appendOnly, password, settings, tls, watches } = this.#options;
    const listens: Record<string, string> =
      tls === undefined
        ? { port: String(port) }
        : {
            port: '0',
            'tls-port': String(port),
            'tls-key-file': tls.keyFile,
            'tls-cert-file': tls.certFile,
            'tls-ca-cert-file': tls.certFile,
            'tls-auth-clients': 'no',
          };
    const data: Record<string, string> = {
      save: '',
      appendonly: appendOnly === undefined ? 'no' : 'yes',
      ...(appendOnly === undefined ? {} : { appendfsync: appendOnly }),
      ...(password === undefined ? {} : { requirepass: password }),
    };
    const all = {
      ...listens,
      bind: this.host,
      dir,
      ...(watches === undefined ? data : {}),
      ...settings,
    };
    const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
    return watches === undefined ? args : [sentinelFile(dir, watches), '--sentinel', ...args];
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill(signal);
    await ended;
  }
}

/** Writes the configuration file of a Sentinel, which it also updates itself; returns its path. */
function sentinelFile(dir: string, { host, port }: RedisServer): string {
  const path = join(dir, 'sentinel.conf');
  const lines = [
    `sentinel monitor ${WATCHED} ${host} ${port} 1`,
    `sentinel down-after-milliseconds ${WATCHED} 500`,
    `sentinel failover-timeout ${WATCHED} 2000`,
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

/** Encodes a command for Redis. */
function encode(words: readonly string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join('')}`;
}
