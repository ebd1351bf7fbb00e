/** Splits a command line into words like a shell, but keeps JSON5 literals together. */

import { checkNumValues } from '../complaints.ts';
import { BadArguments } from '../errors.ts';

/** A word of a line. */
export interface Word {
  /** The text without quotes. */
  readonly text: string;
  /** The position in the line. */
  readonly start: number;
  /** Whether it began with a quote: it is then a value, even if it looks like an option. */
  readonly quoted: boolean;
}

/** The words of a line, and what is missing at its end. */
export interface Scan {
  readonly words: readonly Word[];
  /** The quote or bracket that was not closed. */
  readonly missing: string | undefined;
}

const SPACE = /\s*/y;
/** Characters without special meaning: outside of quotes, and in a literal. */
const PLAIN = /[^\s'"\\[{(]+/y;
const PLAIN_IN_LITERAL = /[^'"[\](){}]+/y;
const PLAIN_IN_QUOTES: Readonly<Record<string, RegExp>> = { '"': /[^"\\]+/y, "'": /[^'\\]+/y };

/** Deeper than any real data, since JSON5 may recurse. */
const MAX_DEPTH = 1000;

const CLOSING: Readonly<Record<string, string>> = { '[': ']', '{': '}', '(': ')' };

/**
 * The words of a line.
 *
 * - White space separates. `'…'` keeps everything, `"…"` everything but `\"` and `\\`; outside of
 *   quotes a backslash keeps the character after it.
 * - From `[` or `{` to its counterpart all is kept as it is, spaces and quotes too; from `(` where
 *   a word or the value of an option begins with it.
 *
 * @throws BadArguments if a quote or a bracket is not closed; LimitExceeded for too many words.
 */
export function splitWords(line: string): readonly Word[] {
  const { words, missing } = scanWords(line);
  if (missing === undefined) return words;
  throw new BadArguments(`expected ${missing} before the end of the line`);
}

/** Like {@link splitWords}, for unfinished lines. */
export function scanWords(line: string): Scan {
  const words: Word[] = [];
  let at = 0;
  while (true) {
    at += lengthOf(SPACE, line, at);
    if (at === line.length) return { words, missing: undefined };
    const start = at;
    const scanner = new WordScanner(line, at);
    const missing = scanner.scan();
    checkNumValues('words', words.length + 1);
    const quoted = line[start] === '"' || line[start] === "'";
    words.push({ text: scanner.text, start, quoted });
    if (missing !== undefined) return { words, missing };
    at = scanner.at;
  }
}

class WordScanner {
  readonly #line: string;
  at: number;
  text = '';
  /**
   * Whether the text begins like an option; tracked, since checking the text itself would flatten a long string each
   * time.
   */
  #isOption = false;

  constructor(line: string, at: number) {
    this.#line = line;
    this.at = at;
  }

  /** Reads to the end of the word; returns what is missing if the line ends before. */
  scan(): string | undefined {
    while (this.at < this.#line.length) {
      this.#keep(lengthOf(PLAIN, this.#line, this.at));
      if (this.at === this.#line.length || lengthOf(SPACE, this.#line, this.at) > 0) break;
      const missing = this.#part(this.#line[this.at] as string);
      if (missing !== undefined) return missing;
    }
    return undefined;
  }

  #part(char: string): string | undefined {
    if (char === "'" || char === '"') return this.#quoted(char);
    if (this.#opensLiteral(char)) return this.#literal();
    if (char !== '\\') {
      this.#keep(1);
      return undefined;
    }
    this.at++;
    if (this.at === this.#line.length) return 'a character after \\';
    this.#keep(1);
    return undefined;
  }

  /** Round brackets open a literal only at the start, since file names may contain them. */
  #opensLiteral(char: string): boolean {
    if (char === '(') return this.text === '' || this.#isOption;
    return char === '[' || char === '{';
  }

  #quoted(quote: string): string | undefined {
    this.at++;
    while (this.at < this.#line.length) {
      this.#keep(lengthOf(PLAIN_IN_QUOTES[quote] as RegExp, this.#line, this.at));
      const char = this.#line[this.at];
      if (char === quote) {
        this.at++;
        return undefined;
      }
      const next = this.#line[this.at + 1];
      if (quote === '"' && char === '\\' && (next === '"' || next === '\\')) this.at++;
      this.#keep(1);
    }
    return quote;
  }

  /** Reads a literal up to the matching bracket, without parsing it. */
  #literal(): string | undefined {
    const open: string[] = [];
    do {
      this.#keep(lengthOf(PLAIN_IN_LITERAL, this.#line, this.at));
      const char = this.#line[this.at] as string;
      if (char === '"' || char === "'") {
        if (!this.#string(char)) return char;
        continue;
      }
      const closing = CLOSING[char];
      if (closing !== undefined && open.push(closing) > MAX_DEPTH) {
        throw new BadArguments(`expected at most ${MAX_DEPTH} brackets within one another`);
      }
      if (char === open.at(-1)) open.pop();
      this.#keep(1);
    } while (open.length > 0 && this.at < this.#line.length);
    return open.at(-1);
  }

  /** Reads a string in a literal unchanged. Returns whether it was closed. */
  #string(quote: string): boolean {
    this.#keep(1);
    while (this.at < this.#line.length) {
      this.#keep(lengthOf(PLAIN_IN_QUOTES[quote] as RegExp, this.#line, this.at));
      const char = this.#line[this.at];
      this.#keep(char === '\\' ? 2 : 1);
      if (char === quote) return true;
    }
    return false;
  }

  #keep(length: number): void {
    if (this.text === '') this.#isOption = length > 0 && this.#line[this.at] === '-';
    this.text += this.#line.slice(this.at, this.at + length);
    this.at = Math.min(this.#line.length, this.at + length);
  }
}

/** The length of the match at a position, without searching further. */
function lengthOf(pattern: RegExp, line: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(line) ? pattern.lastIndex - at : 0;
}
