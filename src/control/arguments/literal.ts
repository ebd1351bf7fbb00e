/** Parses literals on a command line: JSON5, and what clients write in Python. */

import JSON5 from 'json5';

/** The words of Python, in lower case, since some clients send lower case only. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['true', 'true'],
  ['false', 'false'],
  ['none', 'null'],
  ['inf', 'Infinity'],
  ['infinity', 'Infinity'],
  ['nan', 'NaN'],
]);

/**
 * The maximum length of JSON5 in characters: parsing it takes ten times as long as JSON, and blocks the event loop.
 */
const MAX_LENGTH = 65_536;

const BRACKETS: Readonly<Record<string, string>> = { '(': '[', ')': ']' };

/**
 * The value of a literal. Tuples, `(1, 2)`, are arrays; `True`, `False` and `None` may be in any case.
 *
 * @throws SyntaxError with the position of the error.
 */
export function readLiteral(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (text.length > MAX_LENGTH) throw error;
    const translated = fromPython(text);
    if (translated === text) throw error;
    return parse(translated);
  }
}

/** Tries JSON first, which the platform parses many times faster: a line may have a hundred thousand items. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (text.length > MAX_LENGTH) throw tooLong(error);
    return JSON5.parse<unknown>(text);
  }
}

function tooLong(cause: unknown): SyntaxError {
  const message = `longer than ${MAX_LENGTH} characters and not JSON: ${(cause as Error).message}`;
  return new SyntaxError(message, { cause });
}

/** A number, or the word itself if it is none. Numbers too large for a double are not converted to `Infinity`. */
export function readNumber(word: string): unknown {
  try {
    const value = readLiteral(word);
    return value === Number.POSITIVE_INFINITY && !/^\+?inf/i.test(word) ? word : value;
  } catch {
    return word;
  }
}

/** Replaces brackets and words of Python by those of JSON5; strings and keys stay unchanged. */
function fromPython(text: string): string {
  let translated = '';
  for (let at = 0; at < text.length; ) {
    const part = partAt(text, at);
    at += part.length;
    const word = WORDS.get(part.toLowerCase());
    const isWord = word !== undefined && !isKey(text, at);
    translated += BRACKETS[part] ?? (isWord ? word : withoutSeparators(part));
  }
  return translated;
}

/** Whether a colon follows. It is called for words only, so that white space is scanned once. */
function isKey(text: string, at: number): boolean {
  const colon = /\s*:/y;
  colon.lastIndex = at;
  return colon.test(text);
}

/** `1_000` as `1000`, since JSON5 has no separators. */
function withoutSeparators(part: string): string {
  return /^\d/.test(part) ? part.replace(/(?<=\d)_(?=\d)/g, '') : part;
}

/** The token at a position: a string, a word or number, or one character. */
function partAt(text: string, at: number): string {
  const char = text[at] as string;
  if (char === '"' || char === "'") return text.slice(at, endOfString(text, at));
  const word = /[\w$.]+/y;
  word.lastIndex = at;
  return word.exec(text)?.[0] ?? char;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === text[start]) return at + 1;
  }
  return text.length;
}
