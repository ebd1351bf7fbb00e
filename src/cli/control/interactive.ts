/** An interactive session: a prompt on a terminal, connected to a control server. */

import type { ReadStream, WriteStream } from 'node:tty';
import type { Request } from '../../control/client/exchange.ts';
import type { Answer } from '../../control/client/protocol.ts';
import type { Connection } from '../../node/control/client/connection.ts';
import { MAX_MESSAGE_LENGTH, summarizeError } from '../../printable/error.ts';
import { printableLine, printableMessage, printableName } from '../../printable/text.ts';
import { ExitCode } from '../exit.ts';
import { complaintOf, lineOf, textOf } from './answers.ts';
import { type Paint, paintFor } from './colours.ts';
import { commandOf, streams } from './command-line.ts';
import { EventScreen } from './event-screen.ts';
import type { History } from './history.ts';
import { type Completion, Prompt } from './prompt.ts';

export interface InteractiveOptions {
  readonly input: ReadStream;
  readonly output: WriteStream;
  /** Opens a new connection after the first one was lost. */
  readonly reconnect: () => Promise<Connection>;
  /** The name of the server in messages. */
  readonly server: string;
  /** The history file; undefined keeps no history. */
  readonly history: History | undefined;
}

const DISCONNECTED = 'disconnected> ';
const OFFER = 'Enter connects again, Ctrl-D leaves.';

export class Interactive {
  readonly #options: InteractiveOptions;
  readonly #paint: Paint;
  readonly #prompt: Prompt;
  readonly #events: EventScreen;
  /** Streaming requests, aborted by Ctrl-C. */
  readonly #watches = new Set<Request>();
  #connection: Connection | undefined;
  /** Aborts the request that is being awaited. */
  #interrupt: (() => void) | undefined;

  private constructor(options: InteractiveOptions) {
    const { input, output, history } = options;
    this.#options = options;
    this.#paint = paintFor(output);
    this.#prompt = new Prompt({
      input,
      output,
      history: history?.lines ?? [],
      complete: (line) => this.#complete(line),
      onLine: (line) => this.#carryOut(line),
      onInterrupt: () => this.#onInterrupt(),
    });
    this.#events = new EventScreen((text) => this.#prompt.say(text));
  }

  /** Runs the prompt until the user leaves. */
  static async run(connection: Connection, options: InteractiveOptions): Promise<ExitCode> {
    const interactive = new Interactive(options);
    interactive.#use(connection);
    await interactive.#prompt.closed;
    return await interactive.#leave();
  }

  async #leave(): Promise<ExitCode> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#events.flush();
    // So that the shell's prompt starts on its own line.
    this.#options.output.write('\n');
    await Promise.all([connection?.close(), this.#options.history?.close()]);
    return connection === undefined ? ExitCode.noConnection : ExitCode.fine;
  }

  #use(connection: Connection): void {
    this.#connection = connection;
    const { pool, pools, readOnly } = connection.greeting;
    const others = pools.length > 1 ? `, one of ${pools.length} pools` : '';
    const rights = readOnly ? ', read-only' : '';
    const name = this.#paint('name', printableName(pool));
    this.#say(`Connected to ${name}${others} at ${this.#options.server}${rights}.`);
    this.#hint('help lists the commands, Tab completes, Ctrl-D leaves.');
    this.#prompt.ask(`${printableName(pool)}> `);
    void connection.ended.then((loss) => {
      if (loss === undefined || this.#connection !== connection) return;
      this.#connection = undefined;
      this.#watches.clear();
      this.#events.flush();
      this.#complain(loss.message);
      this.#hint(OFFER);
      this.#prompt.ask(DISCONNECTED);
    });
  }

  async #carryOut(line: string): Promise<void> {
    this.#options.history?.add(line);
    const connection = this.#connection;
    if (connection === undefined) return await this.#reconnect(line);
    if (line.trim() === '') return;
    const request = connection.request({ line }, (event) => {
      this.#events.show(lineOf(event, this.#paint));
    });
    if (streams(line)) {
      this.#watch(request);
      return;
    }
    const answer = await this.#waitFor(request);
    if (answer === undefined) return;
    this.#show(answer);
    if (!answer.ok) return;
    const command = commandOf(line);
    if (command === 'use') this.#prompt.ask(`${printableName(String(answer.value))}> `);
    if (command === 'exit') this.#prompt.close();
  }

  /** Awaits an answer; resolves with undefined if the connection ends first. */
  async #waitFor(request: Request): Promise<Answer | undefined> {
    this.#interrupt = () => request.abort();
    try {
      return await request.answer;
    } catch {
      // The end of the connection is reported elsewhere.
      return undefined;
    } finally {
      this.#interrupt = undefined;
    }
  }

  #watch(request: Request): void {
    this.#watches.add(request);
    this.#hint('(Ctrl-C ends the watch)');
    request.answer.then(
      (answer) => {
        this.#watches.delete(request);
        this.#events.flush();
        if (answer.ok) this.#hint('(the watch has ended)');
        else this.#show(answer);
      },
      // The end of the connection is reported elsewhere.
      () => {},
    );
  }

  async #reconnect(line: string): Promise<void> {
    if (line.trim() !== '') {
      this.#hint(OFFER);
      return;
    }
    try {
      this.#use(await this.#options.reconnect());
    } catch (error) {
      this.#complain(summarizeError(error).message);
      this.#hint(OFFER);
    }
  }

  #onInterrupt(): void {
    if (this.#interrupt !== undefined) this.#interrupt();
    else if (this.#prompt.line !== '') this.#prompt.clearLine();
    else if (this.#watches.size > 0) for (const watch of this.#watches) watch.abort();
    else this.#hint('(Ctrl-D leaves)');
  }

  async #complete(line: string): Promise<Completion> {
    const nothing = { word: line, candidates: [] };
    const request = this.#connection?.request({ command: 'complete', args: { line } });
    const answer = await request?.answer.catch(() => undefined);
    if (!answer?.ok) return nothing;
    const { word, candidates } = Object(answer.value) as Partial<Completion>;
    if (typeof word !== 'string' || !line.endsWith(word) || !Array.isArray(candidates)) {
      return nothing;
    }
    // Candidates that cannot be printed unescaped cannot be typed either.
    const shown = candidates.filter(
      (one): one is string => typeof one === 'string' && one === printableLine(one),
    );
    // The only candidate: add a space to continue with the next word.
    return { word, candidates: shown.length === 1 ? shown.map((one) => `${one} `) : shown };
  }

  #show(answer: Answer): void {
    if (answer.ok) this.#say(textOf(answer));
    else this.#complain(complaintOf(answer.error));
  }

  #complain(message: string): void {
    this.#prompt.say(`${this.#paint('error', printableMessage(message, MAX_MESSAGE_LENGTH))}\n`);
  }

  #hint(text: string): void {
    this.#prompt.say(`${this.#paint('hint', text)}\n`);
  }

  #say(text: string): void {
    this.#prompt.say(`${text}\n`);
  }
}
