/** Processes that run command lines of `taskpool` one after the other. */

import { type ChildProcess, fork } from 'node:child_process';
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { builtProgram, MAIN } from './built.ts';

/** The input of a run. */
export interface HostedRun {
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The whole of stdin. */
  readonly input: string | Uint8Array;
}

/** How it ended, and its output. */
export interface HostedEnd {
  readonly exitCode: number | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** The most processes at once; further runs wait for one. */
const MAX_HOSTS = 2;
/** How long a run may take, in milliseconds. */
const PATIENCE = 180_000;

class Host {
  readonly #stdout = new Output();
  readonly #stderr = new Output();
  readonly #child: ChildProcess;
  /** Also when it ends between two runs. */
  hasEnded = false;

  constructor() {
    const program = builtProgram('test/system/programs/taskpool-host.ts');
    this.#child = fork(program, [dirname(MAIN)], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', this.#stdout.fd, this.#stderr.fd, 'ipc'],
    });
    this.#child.once('exit', () => {
      this.hasEnded = true;
    });
    // Does not keep this process alive.
    this.#child.unref();
    this.#child.channel?.unref();
  }

  async run(run: HostedRun): Promise<HostedEnd> {
    const exitCode = await this.#ended(run);
    const end = { exitCode, stdout: this.#stdout.take(), stderr: this.#stderr.take() };
    if (this.hasEnded) {
      this.#stdout.close();
      this.#stderr.close();
    }
    return end;
  }

  #ended(run: HostedRun): Promise<number | null> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        reject(
          new Error(`expected an end within ${PATIENCE} ms of taskpool ${run.args.join(' ')}`),
        );
      }, PATIENCE);
      const end = (exitCode: unknown) => {
        clearTimeout(timer);
        child.off('message', end).off('exit', end);
        resolve(exitCode as number | null);
      };
      child.on('message', end).on('exit', end);
      child.send(run);
    });
  }
}

/** The output of a host: an unlinked file. */
class Output {
  readonly fd: number;

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), 'taskpool-host-'));
    this.fd = openSync(join(folder, 'output'), 'a+');
    rmSync(folder, { recursive: true });
  }

  /** Takes everything that was written since the last call. */
  take(): Buffer {
    const bytes = Buffer.alloc(fstatSync(this.fd).size);
    readSync(this.fd, bytes, 0, bytes.length, 0);
    ftruncateSync(this.fd);
    return bytes;
  }

  close(): void {
    closeSync(this.fd);
  }
}

const idle: Host[] = [];
const waiting: ((host: Host) => void)[] = [];
let hosts = 0;

/** Runs `taskpool ARGS` to its end, in a process that has already loaded it. */
export async function runInHost(run: HostedRun): Promise<HostedEnd> {
  const host = await freeHost();
  try {
    return await host.run(run);
  } finally {
    release(host);
  }
}

function freeHost(): Host | Promise<Host> {
  for (let free = idle.pop(); free !== undefined; free = idle.pop()) {
    if (!free.hasEnded) return free;
    // Something that a run had left behind has ended the process.
    hosts--;
  }
  if (hosts >= MAX_HOSTS) return new Promise((resolve) => waiting.push(resolve));
  hosts++;
  return new Host();
}

function release(host: Host): void {
  const next = waiting.shift();
  if (host.hasEnded) {
    if (next === undefined) hosts--;
    else next(new Host());
  } else if (next === undefined) idle.push(host);
  else next(host);
}
