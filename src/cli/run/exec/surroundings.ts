/** Tracks the syntactic context of a position in a shell script: quotes, substitutions, here-documents. */

import { ANY_PLACEHOLDER } from './placeholders.ts';

export type Surrounding =
  | 'plain'
  | 'single'
  | 'ansi'
  | 'double'
  | 'parenthesis'
  | 'backtick'
  | 'comment'
  /** A here-document in which parameters are expanded. */
  | 'document'
  /** A here-document with a quoted delimiter, in which nothing is expanded. */
  | 'verbatim'
  /** `$((…))`: the value of a parameter is evaluated. */
  | 'arithmetic'
  /** Parentheses within `$((…))`. */
  | 'factor'
  /** `${…}`: an index or offset is evaluated. */
  | 'expansion';

interface HereDocument {
  readonly delimiter: string;
  readonly stripsTabs: boolean;
  readonly isQuoted: boolean;
}

const HERE_DOCUMENT = /<<(?!<)(-?)[ \t]*(?:'([^'\n]*)'|"([^"\n]*)"|(\\?)([^\s;&|<>()'"\\]+))/y;
const PLACEHOLDER = new RegExp(ANY_PLACEHOLDER, 'y');
const THREE_LESS = /<<</y;

/** A stack of open constructs, updated while a script is read from start to end. */
export class Surroundings {
  readonly #script: string;
  readonly #open: Surrounding[] = [];
  /** Here-documents announced on this line; their text begins on the next one. */
  readonly #announced: HereDocument[] = [];
  readonly #documents: HereDocument[] = [];
  /** The closing parenthesis of each opening one. Computed for all together, since they nest. */
  #closings: ReadonlyMap<number, number> | undefined = undefined;

  constructor(script: string) {
    this.#script = script;
  }

  get now(): Surrounding {
    return this.#open.at(-1) ?? 'plain';
  }

  /** Whether the position is at the top level of the script. */
  get isOutside(): boolean {
    return this.#open.length === 0;
  }

  /** Consumes the token at a position, one character or several that belong together, and returns it. */
  take(at: number): string {
    const char = this.#script[at] as string;
    const pair = this.#script.slice(at, at + 2);
    switch (this.now) {
      case 'comment':
        return char === '\n' ? this.#endLine(this.#leave(char)) : char;
      case 'single':
        return char === "'" ? this.#leave(char) : char;
      case 'verbatim':
        return this.#takeDocument(at) ?? char;
      case 'ansi':
        if (char === '\\') return pair;
        return char === "'" ? this.#leave(char) : char;
      case 'document':
        return this.#takeDocument(at) ?? this.#takeSubstitution(at) ?? char;
      case 'double':
        if (char === '"') return this.#leave(char);
        return this.#takeSubstitution(at) ?? char;
      case 'arithmetic':
        return pair === '))' ? this.#leave(pair) : this.#takeArithmetic(at);
      case 'factor':
        return char === ')' ? this.#leave(char) : this.#takeArithmetic(at);
      case 'expansion':
        if (char === '}') return this.#leave(char);
        if (char === '"') return this.#enter(char, 'double');
        return this.#takeSubstitution(at) ?? char;
      default:
        return this.#takePlain(at);
    }
  }

  #takePlain(at: number): string {
    const char = this.#script[at] as string;
    const pair = this.#script.slice(at, at + 2);
    if (pair === "$'") return this.#enter(pair, 'ansi');
    const substitution = this.#takeSubstitution(at);
    if (substitution !== undefined) return substitution;
    switch (char) {
      case "'":
        return this.#enter(char, 'single');
      case '"':
        return this.#enter(char, 'double');
      case '(':
        return pair === '((' && this.#isArithmetic(at)
          ? this.#enter(pair, 'arithmetic')
          : this.#enter(char, 'parenthesis');
      case ')':
        return this.now === 'parenthesis' ? this.#leave(char) : char;
      case '#':
        return this.#isWordStart(at) ? this.#enter(char, 'comment') : char;
      case '<':
        return this.#announce(at) ?? char;
      case '\n':
        return this.#endLine(char);
      default:
        return char;
    }
  }

  /** Consumes a substitution or escape, which are the same inside and outside double quotes. */
  #takeSubstitution(at: number): string | undefined {
    const char = this.#script[at];
    const pair = this.#script.slice(at, at + 2);
    if (char === '\\') return pair;
    if (pair === '$(') {
      return this.#script[at + 2] === '(' && this.#isArithmetic(at + 1)
        ? this.#enter('$((', 'arithmetic')
        : this.#enter(pair, 'parenthesis');
    }
    if (pair === '${' && !this.#isPlaceholder(at + 1)) return this.#enter(pair, 'expansion');
    if (char !== '`') return undefined;
    return this.now === 'backtick' ? this.#leave(char) : this.#enter(char, 'backtick');
  }

  #takeArithmetic(at: number): string {
    const char = this.#script[at] as string;
    return this.#takeSubstitution(at) ?? (char === '(' ? this.#enter(char, 'factor') : char);
  }

  /** Consumes the end of a here-document, if it is at this position. */
  #takeDocument(at: number): string | undefined {
    if (this.#script[at - 1] !== '\n') return undefined;
    const { delimiter, stripsTabs } = this.#documents.at(-1) as HereDocument;
    const end = this.#script.indexOf('\n', at);
    const line = this.#script.slice(at, end === -1 ? undefined : end);
    if ((stripsTabs ? line.replace(/^\t+/, '') : line) !== delimiter) return undefined;
    this.#documents.pop();
    this.#leave('');
    // The next one announced on the same line begins right after it.
    return end === -1 ? line : this.#endLine(`${line}\n`);
  }

  #announce(at: number): string | undefined {
    THREE_LESS.lastIndex = at;
    if (THREE_LESS.test(this.#script)) return '<<<';
    HERE_DOCUMENT.lastIndex = at;
    const found = HERE_DOCUMENT.exec(this.#script);
    if (found === null) return undefined;
    const [text, dash, single, double, backslash, bare] = found;
    this.#announced.push({
      delimiter: single ?? double ?? (bare as string),
      stripsTabs: dash === '-',
      isQuoted: bare === undefined || backslash !== '',
    });
    return text;
  }

  /** Here-documents begin at the end of the line that announces them. */
  #endLine(text: string): string {
    const document = this.#announced.shift();
    if (document === undefined) return text;
    this.#documents.push(document);
    return this.#enter(text, document.isQuoted ? 'verbatim' : 'document');
  }

  #isPlaceholder(at: number): boolean {
    PLACEHOLDER.lastIndex = at;
    return PLACEHOLDER.test(this.#script);
  }

  #isWordStart(at: number): boolean {
    return at === 0 || /[\s;&|()]/.test(this.#script[at - 1] as string);
  }

  /** Whether two adjacent opening parentheses are closed by two adjacent ones. */
  #isArithmetic(at: number): boolean {
    this.#closings ??= closingsOf(this.#script);
    const end = this.#closings.get(at) ?? 0;
    return end > 0 && this.#script[end - 1] === ')';
  }

  #enter(text: string, surrounding: Surrounding): string {
    this.#open.push(surrounding);
    return text;
  }

  #leave(text: string): string {
    this.#open.pop();
    return text;
  }
}

function closingsOf(script: string): ReadonlyMap<number, number> {
  const closings = new Map<number, number>();
  const open: number[] = [];
  for (let place = 0; place < script.length; place++) {
    if (script[place] === '(') open.push(place);
    else if (script[place] === ')') {
      const opening = open.pop();
      if (opening !== undefined) closings.set(opening, place);
    }
  }
  return closings;
}
