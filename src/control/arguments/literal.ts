/** Literals on a command line: JSON5, and what clients in Python write in its place. */

import JSON5 from 'json5';

/** What Python calls otherwise, in lower case: some clients send nothing else. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['true', 'true'],
  ['false', 'false'],
  ['none', 'null'],
  ['inf', 'Infinity'],
  ['infinity', 'Infinity'],
  ['nan', 'NaN'],
]);

/** In characters: what is not JSON is read ten times as slowly, and nothing else happens meanwhile. */
const MAX_LENGTH = 65_536;

const BRACKETS: Readonly<Record<string, string>> = { '(': '[', ')': ']' };

/**
 * The value of a literal. Tuples, `(1, 2)`, are arrays; `True`, `False` and `None` may be in any case.
 *
 * @throws SyntaxError that says where it is none.
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

/** Most are JSON, which the platform reads many times as fast: a line may have a hundred thousand items. */
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

/** A number, or the word itself, which is none. What is too large for a number is no `Infinity`. */
export function readNumber(word: string): unknown {
  try {
    const value = readLiteral(word);
    return value === Number.POSITIVE_INFINITY && !/^\+?inf/i.test(word) ? word : value;
  } catch {
    return word;
  }
}

/** The same with brackets and words as JSON5 has them; strings and keys stay as they are. */
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

/** Whether a colon follows. Asked of words only: what lies between two of them is looked at once. */
function isKey(text: string, at: number): boolean {
  const colon = /\s*:/y;
  colon.lastIndex = at;
  return colon.test(text);
}

/** `1_000` as `1000`: Python has it, JSON5 has not. */
function withoutSeparators(part: string): string {
  return /^\d/.test(part) ? part.replace(/(?<=\d)_(?=\d)/g, '') : part;
}

/** A string, a word or number, or one character. */
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
