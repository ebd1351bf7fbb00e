/** Relays lines between a page and the control server of another process. */

import type { Socket } from 'node:net';
// Imported, since tests may replace the global timers.
import timers from 'node:timers';
import { readCommandLine } from '../../control/arguments/command-line.ts';
import { argumentsFromJson } from '../../control/arguments/read-arguments.ts';
import { LimitExceeded, NotAuthorized, ReadOnly } from '../../control/errors.ts';
import { readHandshake } from '../../control/sessions/handshake.ts';
import { type RequestId, readRequest } from '../../control/sessions/request.ts';
import { findAnyCommand } from '../../control/table.ts';
import { later } from '../../kit/later.ts';
import { summarizeError } from '../../printable/error.ts';
import { openSocket } from '../control/client/socket.ts';
import type { Target } from '../control/client/target.ts';
import { MAX_HANDSHAKE_LENGTH, type ServerLimits } from '../control/limits.ts';
import { type Line, LineBuffer } from '../control/line-buffer.ts';
import type { WebSocketStream } from './web-socket-stream.ts';

/** The target, and the authorization of pages. */
export interface RelayOptions {
  readonly target: Target;
  /** The access token of the control server. */
  readonly targetToken: string | undefined;
  readonly readOnly: boolean;
  readonly limits: Required<ServerLimits>;
  isAuthorized(token: string | undefined): boolean;
}

export class Relay {
  readonly #page: WebSocketStream;
  readonly #options: RelayOptions;
  readonly #lines = new LineBuffer();
  readonly #answers = new LineBuffer();
  readonly #stopTimer: () => void;
  readonly #end = new AbortController();
  #server: Socket | undefined = undefined;
  #isGreeted = false;

  constructor(page: WebSocketStream, options: RelayOptions) {
    this.#page = page;
    this.#options = options;
    const { handshakeTimeout } = options.limits;
    const onLate = () => {
      this.#refuse(new LimitExceeded(`expected the first line within ${handshakeTimeout} ms`));
    };
    this.#stopTimer = later(handshakeTimeout, onLate, timers);
    page.on('data', (chunk: Buffer) => this.#receive(chunk));
    page.on('drain', () => this.#server?.resume());
    page.on('close', () => this.close());
  }

  close(): void {
    this.#stopTimer();
    this.#end.abort();
    this.#server?.destroy();
    this.#page.destroySoon();
  }

  #receive(chunk: Buffer): void {
    this.#lines.append(chunk);
    if (this.#end.signal.aborted) return;
    const { maxLineLength } = this.#options.limits;
    for (;;) {
      // Until it is connected, further lines wait.
      const isFirst = !this.#isGreeted && this.#server === undefined;
      const line = this.#lines.next(isFirst ? MAX_HANDSHAKE_LENGTH : maxLineLength);
      if (line === undefined) return;
      if (isFirst) {
        this.#page.pause();
        void this.#open(line);
        return;
      }
      this.#forward(line);
      if (this.#end.signal.aborted) return;
    }
  }

  async #open(line: Line): Promise<void> {
    const { target, targetToken: token } = this.#options;
    try {
      if (line === 'too long') throw new LimitExceeded('expected a shorter first line');
      const info = readHandshake(line.toString());
      if (info.format !== 'json' || !this.#options.isAuthorized(info.token)) {
        throw new NotAuthorized('expected JSON, and the token of the server in the first line');
      }
      this.#stopTimer();
      const server = await openSocket(target, this.#end.signal);
      this.#server = server;
      server.on('error', () => {});
      server.on('close', () => this.close());
      server.on('drain', () => this.#page.resume());
      server.on('data', (chunk: Buffer) => this.#pass(chunk));
      server.write(`${JSON.stringify({ terminal_width: info.width, format: 'json', token })}\n`);
      this.#page.resume();
      this.#receive(Buffer.alloc(0));
    } catch (error) {
      if (error instanceof NotAuthorized || error instanceof LimitExceeded) this.#refuse(error);
      // The page reconnects after a while: the program may be back by then.
      else this.close();
    }
  }

  #forward(line: Line): void {
    const text = line === 'too long' ? undefined : line.toString();
    const refusal = text === undefined ? undefined : this.#refusalOf(text);
    if (text === undefined) this.close();
    else if (refusal !== undefined) this.#page.write(refusal);
    else if (this.#server?.write(`${text}\n`) === false) this.#page.pause();
  }

  /** The answer to a request that a read-only relay refuses; undefined if it is allowed. */
  #refusalOf(line: string): string | undefined {
    if (!this.#options.readOnly) return undefined;
    let id: RequestId | undefined;
    try {
      const request = readRequest(line, (read) => {
        id = read;
      });
      if ('abort' in request) return undefined;
      const { named, args } =
        'line' in request
          ? readCommandLine(request.line, { find: findAnyCommand, nameOf: (_, name) => name })
          : callOf(request);
      if (!named.command.changes(args)) return undefined;
      throw new ReadOnly(
        `expected a command that changes nothing (read-only), got '${named.name}'`,
      );
    } catch (error) {
      return `${JSON.stringify({ id, ok: false, error: summarizeError(error) })}\n`;
    }
  }

  /** Sends whole lines only, since a message must not end within one. */
  #pass(chunk: Buffer): void {
    this.#answers.append(chunk);
    const lines: string[] = [];
    for (;;) {
      const line = this.#answers.next(Number.POSITIVE_INFINITY);
      if (line === undefined) break;
      lines.push(this.#isGreeted ? String(line) : this.#greeting(String(line)));
      this.#isGreeted = true;
    }
    if (lines.length > 0 && !this.#page.write(`${lines.join('\n')}\n`)) this.#server?.pause();
  }

  /** Marks the greeting as read-only if this relay is. */
  #greeting(line: string): string {
    if (!this.#options.readOnly) return line;
    try {
      const greeting = JSON.parse(line) as { value?: object };
      return JSON.stringify({ ...greeting, value: { ...greeting.value, readOnly: true } });
    } catch {
      return line;
    }
  }

  #refuse(error: unknown): void {
    this.#page.write(`${JSON.stringify({ ok: false, error: summarizeError(error) })}\n`);
    this.close();
  }
}

function callOf(request: { readonly command: string; readonly args: unknown }) {
  const named = findAnyCommand(request.command);
  return { named, args: argumentsFromJson(named, request.args) };
}
