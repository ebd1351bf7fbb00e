/** Runs of a job that is killed and started again, and what is left of them. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { EventStore, PoolEvent, PoolSnapshot } from 'xstate-taskpool';
import { JsonlStore } from 'xstate-taskpool/journal/jsonl';
import { RedisStore } from 'xstate-taskpool/journal/redis';
import { SqliteStore } from 'xstate-taskpool/journal/sqlite';
import { all } from '../../support/batches.ts';

/** How a job is run. */
export interface JobSettings {
  readonly program: string;
  readonly folder: string;
  readonly kind: 'sqlite' | 'jsonl' | 'redis';
  /** Of a Redis on this machine, if its journal is there. */
  readonly port: number | undefined;
  readonly items: number;
  readonly source: 'array' | 'generator';
  /** After how many events a checkpoint is stored; never if undefined. */
  readonly every: number | undefined;
}

/** What one item has left. */
export interface Effect {
  readonly item: number;
  readonly id: number;
  readonly attempt: number;
  /** The `seq` of the first event that its process could write. */
  readonly began: number;
  readonly process: number;
}

/** When a process is killed: so many milliseconds after it was started, or after it said so. */
export interface Kill {
  readonly after: 'start' | 'ready';
  readonly delay: number;
}

export class Job {
  readonly settings: JobSettings;

  constructor(settings: JobSettings) {
    this.settings = settings;
  }

  /** A path, or the port of a Redis and a name. */
  get #journal(): string {
    const { kind, folder, port } = this.settings;
    return kind === 'redis'
      ? `${port}/${basename(dirname(folder))}-${basename(folder)}`
      : join(folder, 'journal');
  }

  async #open(): Promise<EventStore> {
    const { kind, port } = this.settings;
    if (kind === 'jsonl') return JsonlStore.open(this.#journal, { readonly: true });
    if (kind === 'sqlite') return SqliteStore.open(this.#journal, { readonly: true });
    const connection = { host: '127.0.0.1', port: port as number };
    return RedisStore.open(basename(this.#journal), { connection, readonly: true });
  }

  /** Runs it from where it is to the end, or until it is killed: true if it came to the end. */
  async live(kill: Kill | undefined): Promise<boolean> {
    const { program, folder, kind, items, source, every } = this.settings;
    await mkdir(folder, { recursive: true });
    const args = [program, kind, this.#journal, folder, String(items), source];
    if (every !== undefined) args.push(String(every));
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
    if (kill !== undefined) {
      await Promise.race([this.#killed(child, kill), exit]);
    }
    const code = await exit;
    if (code !== 0 && code !== null) throw new Error(`the job ended with ${code}: ${errors}`);
    return code === 0;
  }

  async #killed(child: ChildProcess, { after, delay }: Kill): Promise<void> {
    if (after === 'ready') await new Promise((resolve) => child.stdout?.once('data', resolve));
    await wait(delay);
    child.kill('SIGKILL');
  }

  /** What the journal holds. */
  async events(): Promise<PoolEvent[]> {
    const store = await this.#open();
    try {
      return await all(store.read());
    } finally {
      await store.close();
    }
  }

  async effects(): Promise<Effect[]> {
    const text = await readFile(join(this.settings.folder, 'effects'), 'utf8');
    return text
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [item = -1, id = -1, attempt = -1, began = -1, process = -1] = line
          .split(' ')
          .map(Number);
        return { item, id, attempt, began, process };
      });
  }

  /** The states of the pools right after they were resumed, as far as those got to tell. */
  async resumedStates(): Promise<PoolSnapshot[]> {
    const names = (await readdir(this.settings.folder)).filter((name) => /^resumed-/.test(name));
    const texts = await Promise.all(
      names.map((name) => readFile(join(this.settings.folder, name), 'utf8')),
    );
    // The last one may have been cut by the kill.
    return texts.flatMap((text) => (text.endsWith('}') ? [JSON.parse(text) as PoolSnapshot] : []));
  }

  async endState(): Promise<PoolSnapshot> {
    return JSON.parse(await readFile(join(this.settings.folder, 'end.json'), 'utf8'));
  }
}
