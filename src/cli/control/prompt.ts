/** A line that is typed at a terminal while other text may appear above it. */

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
  /** The newest line first. */
  readonly history: readonly string[];
  /** Never rejects. */
  complete(line: string): Promise<Completion>;
  /** Carries a line out. The next one waits for it. Never rejects. */
  onLine(line: string): Promise<void>;
  /** Ctrl-C. */
  onInterrupt(): void;
}

/** Whole words in place of the last one. */
export interface Completion {
  readonly word: string;
  readonly candidates: readonly string[];
}

export class Prompt {
  /** Resolves when no line comes any more: Ctrl-D, or `close()`. */
  readonly closed: Promise<void>;
  readonly #readline: Interface;
  readonly #options: PromptOptions;
  /** Lines that were typed while another one was carried out. */
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

  /** What has been typed so far. */
  get line(): string {
    return this.#readline.line;
  }

  /** Whether a line is being carried out. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Shows a label and takes lines. */
  ask(label: string): void {
    this.#label = label;
    if (!this.#isBusy) this.#show(label);
  }

  /** Writes text, which ends with a newline, above what is being typed. */
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

  /** Takes back what has been typed. */
  clearLine(): void {
    this.#readline.write(null, { ctrl: true, name: 'e' });
    this.#erase();
    this.#readline.write(null, { ctrl: true, name: 'u' });
  }

  close(): void {
    this.#readline.close();
  }

  /** Carries lines out, one after the other. Meanwhile what is typed shows without a label. */
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

  /** Leaves the cursor where the label began, for what is drawn next. */
  #erase(): void {
    const { output } = this.#options;
    moveCursor(output, 0, -this.#readline.getCursorPos().rows);
    cursorTo(output, 0);
    clearScreenDown(output);
    // Before readline draws it goes up by the rows that it keeps here (undocumented, and wrong after
    // text was pasted).
    (this.#readline as Interface & { prevRows: number }).prevRows = 0;
  }

  #show(label: string): void {
    this.#readline.setPrompt(label);
    this.#readline.prompt(true);
  }
}

/**
 * Keys that come in one piece, pasted or typed fast, are appended by readline to the end of the line,
 * wherever the cursor is, and drawn wrongly; so it does to keep pasted tabs from completing. The
 * property is undocumented: without it, pasting in the middle of a line goes wrong, and nothing else.
 */
function takeKeysOneByOne(readline: Interface): void {
  Object.defineProperty(readline, 'isCompletionEnabled', { get: () => true, set: () => {} });
}
