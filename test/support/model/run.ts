/** One call of a task function: follows its script, and records what it did. */

import type { TaskContext } from 'xstate-taskpool';
import type { TaskFacts } from './facts.ts';
import type { Pause } from './gates.ts';
import type { Job } from './job.ts';
import { meddle } from './meddling.ts';
import type { Behaviour } from './scripts.ts';

export class Run {
  readonly job: Job;
  readonly task: TaskFacts;
  readonly behaviour: Behaviour;
  readonly context: TaskContext | undefined;
  readonly attempt: number;
  /** Time limits start with the call, which follows the event of the start in a promise job. */
  readonly calledAt: number;
  /** The outcome; undefined while it executes. */
  result: { readonly threw: boolean; readonly value: unknown } | undefined = undefined;

  constructor(job: Job, task: TaskFacts, behaviour: Behaviour, context: TaskContext | undefined) {
    this.job = job;
    this.task = task;
    this.behaviour = behaviour;
    this.context = context;
    this.attempt = task.attempt;
    this.calledAt = job.world.clock.now();
  }

  get label(): string {
    return `task ${this.task.id}`;
  }

  /** The body of the function. */
  perform(): unknown {
    const { meanwhile, when } = this.behaviour;
    if (meanwhile === 'place') this.context?.placed(`place-${this.task.index}`);
    else if (meanwhile === 'report') this.context?.report({ half: this.task.index });
    else if (meanwhile === 'look') this.job.world.look(this.task);
    else if (meanwhile !== 'nothing') meddle(this.job, this.task, meanwhile, true);
    if (when === 'at once') return this.#end();
    return when === 'soon' ? this.#performSoon() : this.#performLate();
  }

  async #performSoon(): Promise<unknown> {
    await undefined;
    return this.#end();
  }

  async #performLate(): Promise<unknown> {
    const pause = this.job.world.pauses.pause(this.label);
    try {
      return await this.#waitFor(pause);
    } finally {
      pause.drop();
    }
  }

  async #waitFor({ opened }: Pause): Promise<unknown> {
    const { onAbort } = this.behaviour;
    if (this.context === undefined || onAbort === 'ignore') {
      await opened;
      return this.#end();
    }
    const { signal } = this.context;
    const isAborted = await Promise.race([opened.then(() => false), whenAborted(signal)]);
    if (!isAborted) return this.#end();
    if (onAbort === 'value') return this.#return();
    if (onAbort === 'error') return this.#throw(new Error(`${this.label} was in the middle`));
    if (onAbort === 'unwind') await opened;
    if (onAbort === 'AbortError') return this.#throw(new DOMException(this.label, 'AbortError'));
    return this.#throw(signal.reason);
  }

  #end(): unknown {
    const { label } = this;
    switch (this.behaviour.end) {
      case 'value':
        return this.#return();
      case 'error':
        return this.#throw(Object.assign(new TypeError(`${label} failed`), { code: 'E_TASK' }));
      case 'text':
        return this.#throw(`${label} threw a text`);
      case 'AbortError':
        return this.#throw(new DOMException(`${label} gave up`, 'AbortError'));
      case 'AggregateError':
        return this.#throw(new AggregateError([new Error('part')], `${label} failed in parts`));
    }
  }

  #return(): unknown {
    const value = `value of ${this.label}`;
    this.result = { threw: false, value };
    return value;
  }

  #throw(value: unknown): never {
    this.result = { threw: true, value };
    throw value;
  }
}

function whenAborted(signal: AbortSignal): Promise<true> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(true);
    else signal.addEventListener('abort', () => resolve(true), { once: true });
  });
}
