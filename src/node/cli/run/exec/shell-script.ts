/**
 * Commands for the shell. Items never become part of the script: each placeholder turns into a
 * positional parameter, and what a parameter expands to is not parsed again. So whatever an item
 * holds, it stays an argument, even where quotes were not understood here.
 */

import { ANY_PLACEHOLDER } from './placeholders.ts';

/** A script, and the placeholders that are its parameters, from `$1` on. */
export interface ShellScript {
  readonly text: string;
  readonly parameters: readonly string[];
}

/** What surrounds a place in a script: quotes, a substitution, or nothing. */
type Surrounding = 'plain' | 'single' | 'ansi' | 'double' | 'parenthesis' | 'backtick' | 'comment';

const PLACEHOLDER = new RegExp(ANY_PLACEHOLDER, 'y');

export function shellScript(template: string): ShellScript {
  const parameters: string[] = [];
  const surroundings = new Surroundings();
  let text = '';
  for (let at = 0; at < template.length; ) {
    PLACEHOLDER.lastIndex = at;
    const placeholder = PLACEHOLDER.exec(template)?.[0];
    if (placeholder !== undefined && surroundings.now !== 'comment') {
      if (!parameters.includes(placeholder)) parameters.push(placeholder);
      text += expansion(parameters.indexOf(placeholder) + 1, surroundings.now);
      at += placeholder.length;
    } else {
      const taken = surroundings.take(template, at);
      text += taken;
      at += taken.length;
    }
  }
  return { text, parameters };
}

/** A parameter as one word, or as a part of the word it stands in. */
function expansion(number: number, surrounding: Surrounding): string {
  switch (surrounding) {
    case 'double':
      return `\${${number}}`;
    case 'single':
      return `'"\${${number}}"'`;
    case 'ansi':
      return `'"\${${number}}"$'`;
    default:
      return `"\${${number}}"`;
  }
}

/** Keeps track of the quotes and substitutions that are open. */
class Surroundings {
  readonly #open: Surrounding[] = [];

  get now(): Surrounding {
    return this.#open.at(-1) ?? 'plain';
  }

  /** Goes past one character, or past two that belong together, and returns them. */
  take(template: string, at: number): string {
    const { now } = this;
    const char = template[at] as string;
    const pair = template.slice(at, at + 2);
    if (now === 'comment') return this.#takeQuoted(char, '\n');
    if (now === 'single') return this.#takeQuoted(char, "'");
    if (char === '\\') return pair;
    if (now === 'ansi') return this.#takeQuoted(char, "'");
    if (pair === '$(') return this.#enter(pair, 'parenthesis');
    if (char === '`') return now === 'backtick' ? this.#leave(char) : this.#enter(char, 'backtick');
    if (now === 'double') return this.#takeQuoted(char, '"');
    return this.#takePlain(template, at, char, pair);
  }

  #takePlain(template: string, at: number, char: string, pair: string): string {
    if (pair === "$'") return this.#enter(pair, 'ansi');
    if (char === "'") return this.#enter(char, 'single');
    if (char === '"') return this.#enter(char, 'double');
    if (char === '(') return this.#enter(char, 'parenthesis');
    if (char === ')' && this.now === 'parenthesis') return this.#leave(char);
    if (char === '#' && /^$|[\s;&|()]/.test(template.slice(Math.max(0, at - 1), at))) {
      return this.#enter(char, 'comment');
    }
    return char;
  }

  #takeQuoted(char: string, end: string): string {
    return char === end ? this.#leave(char) : char;
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
