/** A session in JSON: each line is a request, and requests run concurrently. */

import type { BasePool, PoolEvent } from '../../index.ts';
import { summarizeError } from '../../printable/error.ts';
import { printable } from '../../printable/text.ts';
import { printableValue } from '../../printable/value.ts';
import { type Call, readCommandLine } from '../arguments/command-line.ts';
import { argumentsFromJson } from '../arguments/read-arguments.ts';
import { givenUp, tooLong } from '../complaints.ts';
import { Dispatcher } from '../dispatcher.ts';
import { BadRequest, LimitExceeded } from '../errors.ts';
import { stringifyInParts } from '../json-in-parts.ts';
import { broadcast, type PullingOutput } from './broadcast.ts';
import { type Request, type RequestId, readRequest } from './request.ts';
import type { Session, SessionOutput, SessionSettings } from './session.ts';
import { forAll } from './shared-event.ts';

export class JsonSession implements Session {
  readonly #dispatcher: Dispatcher;
  readonly #options: SessionSettings;
  /** The controllers of running requests, by the request's id if it has one. */
  readonly #running = new Map<RequestId | symbol, AbortController>();
  readonly #answers = new Set<Promise<void>>();
  #mayWait = true;
  #ended = false;

  constructor(options: SessionSettings) {
    this.#dispatcher = new Dispatcher(options);
    this.#options = options;
  }

  get isOver(): boolean {
    return this.#ended || this.#dispatcher.isOver;
  }

  greet(): void {
    const { pools, uids } = this.#dispatcher;
    const { readOnly } = this.#options;
    const value = { pool: this.#dispatcher.poolName, pools, readOnly, uids };
    this.#answer(undefined, { ok: true, value });
  }

  async receive(line: string): Promise<void> {
    if (this.isOver || line.trim() === '') return;
    let id: RequestId | undefined;
    try {
      const request = readRequest(line, (read) => {
        id = read;
      });
      if ('abort' in request) this.#abort(request.abort, id);
      else this.#start(request, id);
    } catch (error) {
      this.#fail(id, error);
    }
  }

  async refuse(error: unknown): Promise<void> {
    this.#fail(undefined, error);
  }

  stopWaiting(): void {
    this.#mayWait = false;
    for (const controller of this.#running.values()) controller.abort(givenUp());
  }

  async settled(): Promise<void> {
    await Promise.all(this.#answers);
  }

  end(): void {
    this.#ended = true;
    this.stopWaiting();
  }

  #abort(which: RequestId, id: RequestId | undefined): void {
    const controller = this.#running.get(which);
    if (controller === undefined) {
      throw new BadRequest(`expected the id of a running request, got ${printableValue(which)}`);
    }
    controller.abort(givenUp());
    this.#answer(id, { ok: true, value: null });
  }

  #start(request: Exclude<Request, { abort: RequestId }>, id: RequestId | undefined): void {
    const { maxRequests } = this.#options;
    if (this.#running.size >= maxRequests) {
      throw new LimitExceeded(`expected at most ${maxRequests} requests at once, got one more`);
    }
    const key = id ?? Symbol('request');
    if (this.#running.has(key)) {
      throw new BadRequest(`expected an id that is not in use, got ${printableValue(id)}`);
    }
    const call = this.#read(request);
    this.#options.requests.enter();
    const controller = new AbortController();
    if (!this.#mayWait) controller.abort(givenUp());
    this.#running.set(key, controller);
    const answer = this.#run(call, 'line' in request, id, controller.signal).finally(() => {
      this.#running.delete(key);
      this.#options.requests.leave();
      this.#answers.delete(answer);
    });
    this.#answers.add(answer);
  }

  #read(request: Exclude<Request, { abort: RequestId }>): Call {
    if ('line' in request) return readCommandLine(request.line, this.#dispatcher.lookup);
    const named = this.#dispatcher.find(request.command);
    return { named, args: argumentsFromJson(named, request.args) };
  }

  async #run(
    { named, args }: Call,
    asText: boolean,
    id: RequestId | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const start = id === undefined ? '{' : `{"id":${JSON.stringify(id)},`;
      const emit = (event: PoolEvent) => this.#event(start, event);
      const broadcast = (pool: BasePool, from: number) => this.#broadcast(pool, start, from);
      const value = await this.#dispatcher.run(named, args, { signal, emit, broadcast });
      const printed = asText ? named.command.print(value, args) : undefined;
      const text = printed instanceof Promise ? await printed : printed;
      const json = stringifyInParts(value ?? null, this.#options.maxAnswer);
      this.#answerValue(id, typeof json === 'string' ? json : await json, text);
    } catch (error) {
      this.#fail(id, error);
    }
  }

  #answerValue(id: RequestId | undefined, json: string, text: string | undefined): void {
    const start = id === undefined ? '{' : `{"id":${JSON.stringify(id)},`;
    const end = text === undefined ? '' : `,"text":${JSON.stringify(printable(text))}`;
    this.#send(id, `${start}"ok":true,"value":${json}${end}}\n`);
  }

  #fail(id: RequestId | undefined, error: unknown): void {
    this.#answer(id, { ok: false, error: summarizeError(error) });
  }

  #answer(id: RequestId | undefined, answer: object): void {
    this.#send(id, toLine(id, answer));
  }

  #send(id: RequestId | undefined, line: string): void {
    if (this.#ended) return;
    const { maxAnswer, output } = this.#options;
    if (line.length <= maxAnswer) output.answer(line);
    else output.answer(toLine(id, { ok: false, error: summarizeError(tooLong(maxAnswer)) }));
  }

  #broadcast(pool: BasePool, start: string, from: number): (() => void) | undefined {
    const { output } = this.#options;
    return canPull(output) ? broadcast(pool, { start, from, output }) : undefined;
  }

  #event(start: string, event: PoolEvent): void {
    const { output } = this.#options;
    const rest = restOf(event);
    if (output.splitEvent === undefined) output.event(start + rest);
    else output.splitEvent(start, rest);
  }
}

function canPull(output: SessionOutput): output is PullingOutput {
  return output.soon !== undefined;
}

function toLine(id: RequestId | undefined, answer: object): string {
  return `${JSON.stringify(id === undefined ? answer : { id, ...answer })}\n`;
}

const restOf = forAll((event) => `"event":${JSON.stringify(event)}}\n`);
