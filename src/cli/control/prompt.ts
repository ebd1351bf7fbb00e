/** A readline prompt above which other output may appear while a line is being typed. */

import {
  clearScreenDown,
  createInterface,
  cursorTo,
  type Interface,
  moveCursor,
} from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';

export interface PromptOptions {
  readonly input: ReadStream;
  readonly output: WriteStream;
  /** Newest line first. */
  readonly history: readonly string[];
  /** Returns completions of the last word. Must not reject. */
  complete(line: string): Promise<Completion>;
  /** Runs a line; the next line waits until it resolves. Must not reject. */
  onLine(line: string): Promise<void>;
  /** Called on Ctrl-C. */
  onInterrupt(): void;
}

/** Completions: whole words that replace the last one. */
export interface Completion {
  readonly word: string;
  readonly candidates: readonly string[];
}

export class Prompt {
  /** Resolves when the prompt has ended: by Ctrl-D or `close()`. */
  readonly closed: Promise<void>;
  readonly #readline: Interface;
  readonly #options: PromptOptions;
  /** Lines typed while another one was running. */
  readonly #waiting: string[] = [];
  #label = '';
  #isBusy = false;
  #isClosed = false;

  constructor(options: PromptOptions) {
    this.#options = options;
    const { input, output, history } = options;
    this.#readline = createInterface({
      input,
      output,
      prompt: '',
      terminal: true,
      history: [...history],
      historySize: Math.max(1000, history.length),
      removeHistoryDuplicates: true,
      completer: (line: string, done: (error: null, result: [string[], string]) => void) => {
        void options.complete(line).then(({ candidates, word }) => {
          if (!this.#isClosed) done(null, [[...candidates], word]);
        });
      },
    });
    takeKeysOneByOne(this.#readline);
    this.#readline.on('line', (line) => {
      this.#waiting.push(line);
      if (!this.#isBusy) void this.#work();
    });
    this.#readline.on('SIGINT', () => options.onInterrupt());
    this.closed = new Promise((resolve) => {
      this.#readline.once('close', () => {
        this.#isClosed = true;
        resolve();
      });
    });
  }

  /** The text typed so far. */
  get line(): string {
    return this.#readline.line;
  }

  /** Whether a line is running. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Shows a label and accepts lines. */
  ask(label: string): void {
    this.#label = label;
    if (!this.#isBusy) this.#show(label);
  }

  /** Prints text, which must end with a newline, above the line being typed. */
  say(text: string): void {
    const { output } = this.#options;
    if (this.#isClosed) {
      output.write(text);
      return;
    }
    this.#erase();
    output.write(text);
    this.#readline.prompt(true);
  }

  /** Deletes the text typed so far. */
  clearLine(): void {
    this.#readline.write(null, { ctrl: true, name: 'e' });
    this.#erase();
    this.#readline.write(null, { ctrl: true, name: 'u' });
  }

  close(): void {
    this.#readline.close();
  }

  /** Runs queued lines one after the other. Text typed meanwhile is shown without a label. */
  async #work(): Promise<void> {
    this.#isBusy = true;
    this.#readline.setPrompt('');
    for (let line = this.#waiting.shift(); line !== undefined; line = this.#waiting.shift()) {
      await this.#options.onLine(line);
      if (this.#isClosed) return;
    }
    this.#isBusy = false;
    this.#show(this.#label);
  }

  /** Erases the input and leaves the cursor at the start of the label, for the next output. */
  #erase(): void {
    const { output } = this.#options;
    moveCursor(output, 0, -this.#readline.getCursorPos().rows);
    cursorTo(output, 0);
    clearScreenDown(output);
    // Before it redraws, readline moves up by the rows stored here (undocumented, and wrong after a paste).
    (this.#readline as Interface & { prevRows: number }).prevRows = 0;
  }

  #show(label: string): void {
    this.#readline.setPrompt(label);
    this.#readline.prompt(true);
  }
}

/**
 * Makes readline handle pasted or quickly typed keys one by one. Otherwise it appends them to the end of the line
 * wherever the cursor is, and draws them wrongly; it does so to keep pasted tabs from completing. The property is
 * undocumented: without it only pasting in the middle of a line goes wrong.
 */
function takeKeysOneByOne(readline: Interface): void {
  Object.defineProperty(readline, 'isCompletionEnabled', { get: () => true, set: () => {} });
}
