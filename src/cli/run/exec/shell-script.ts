/**
 * Builds scripts for the shell. Items never become part of a script: each placeholder is replaced by a positional
 * parameter, whose expansion the shell does not parse again. So an item stays an argument whatever it contains, even
 * where quoting was misunderstood here. Placeholders are refused where the shell would evaluate a parameter or not
 * expand it; numbers are inserted literally.
 */

import { CommandFailed, ExitCode } from '../../exit.ts';
import { ANY_PLACEHOLDER, isNumber, isOfAll, type Job, placeholderOf } from './placeholders.ts';
import { type Surrounding, Surroundings } from './surroundings.ts';

/** A script, and the values of its parameters, from `$1` on. */
export interface ShellScript {
  readonly text: string;
  readonly parameters: readonly string[];
}

interface Hole {
  readonly placeholder: string;
  readonly surrounding: Surrounding;
}

/** Text with placeholders in between: either a word, or the text between two words. */
type Chunk = readonly (string | Hole)[];

/** Writes the values of a placeholder into a script. */
type Writer = (values: readonly string[], surrounding: Surrounding) => string;

/** Characters that end a word outside quotes. */
const BETWEEN_WORDS = /[\s;&|()<>]/;
const PLACEHOLDER = new RegExp(ANY_PLACEHOLDER, 'y');

export class ShellTemplate {
  readonly #chunks: readonly Chunk[];
  readonly #repeats: boolean;

  /**
   * @param repeats whether the word around a placeholder is repeated for each of several arguments.
   * @throws CommandFailed for a placeholder where none is allowed.
   */
  constructor(template: string, repeats: boolean) {
    this.#chunks = chunksOf(template);
    this.#repeats = repeats;
  }

  /** Returns a script for `sh -c`. */
  script(job: Job): ShellScript {
    const parameters = new Parameters();
    const text = this.#write(job, (values, surrounding) => {
      switch (surrounding) {
        case 'double':
        case 'document':
          return parameters.references(values).join(' ');
        case 'single':
          return `'"${parameters.references(values).join(' ')}"'`;
        case 'ansi':
          return `'"${parameters.references(values).join(' ')}"$'`;
        default:
          return parameters.words(values);
      }
    });
    return { text: parameters.complete(text), parameters: parameters.values };
  }

  /** Returns the command for display, with the items inserted. */
  text(job: Job): string {
    return this.#write(job, (values, surrounding) => {
      switch (surrounding) {
        case 'double':
        case 'document':
          return values
            .join(' ')
            .replace(surrounding === 'double' ? /["$`\\]/g : /[$`\\]/g, '\\$&');
        case 'single':
          return `'${quoted(values.join(' '))}'`;
        case 'ansi':
          return `'${quoted(values.join(' '))}$'`;
        case 'backtick':
          return values.map((value) => quoted(value).replace(/[`$\\]/g, '\\$&')).join(' ');
        default:
          return values.map(quoted).join(' ');
      }
    });
  }

  #write(job: Job, write: Writer): string {
    return this.#chunks.map((chunk) => this.#writeChunk(chunk, job, write)).join('');
  }

  #writeChunk(chunk: Chunk, job: Job, write: Writer): string {
    const isRepeated =
      this.#repeats &&
      job.args.length > 1 &&
      // A placeholder on its own becomes several words anyway.
      chunk.length > 1 &&
      chunk.some((part) => typeof part !== 'string' && isOfAll(part.placeholder));
    if (!isRepeated) return chunk.map((part) => writePart(part, job, write)).join('');
    return job.args
      .map((arg) => chunk.map((part) => writePart(part, oneOf(job, arg, part), write)).join(''))
      .join(' ');
  }
}

/** The parameters of a script, without duplicates. */
class Parameters {
  readonly values: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** The number of parameters that belong to the list written first. */
  #listed = 0;

  references(values: readonly string[]): string[] {
    return values.map((value) => `\${${this.#numbers.get(value) ?? this.#add(value)}}`);
  }

  /** Writes each value as a word. */
  words(values: readonly string[]): string {
    if (values.length < 2 || this.values.length > 0) return wordsOf(this.references(values));
    for (const value of values) this.#add(value);
    this.#listed = values.length;
    return LIST;
  }

  /** Inserts the list, as `"$@"` if there are no other parameters, since a script must not become too long. */
  complete(text: string): string {
    if (this.#listed === 0) return text;
    const list =
      this.#listed === this.values.length
        ? '"$@"'
        : wordsOf(Array.from({ length: this.#listed }, (_, place) => `\${${place + 1}}`));
    return text.split(LIST).join(list);
  }

  #add(value: string): number {
    this.values.push(value);
    this.#numbers.set(value, this.values.length);
    return this.values.length;
  }
}

/** Stands for the list until all parameters are known; no command line can contain it. */
const LIST = '\0';

function wordsOf(references: readonly string[]): string {
  return references.map((one) => `"${one}"`).join(' ');
}

function writePart(part: string | Hole, job: Job, write: Writer): string {
  if (typeof part === 'string') return part;
  const values = placeholderOf(part.placeholder)(job);
  return isNumber(part.placeholder) ? values.join('') : write(values, part.surrounding);
}

function oneOf(job: Job, arg: string, part: string | Hole): Job {
  return typeof part !== 'string' && isOfAll(part.placeholder) ? { ...job, args: [arg] } : job;
}

/** Quotes a text as a word of a shell, like GNU parallel. */
function quoted(text: string): string {
  if (/^[\w.+/-]+$/.test(text)) return text;
  if (text === '') return "''";
  return `'${text.replaceAll("'", `'"'"'`)}'`.replace(/^''|''$/g, '');
}

function chunksOf(template: string): Chunk[] {
  const surroundings = new Surroundings(template);
  const chunks: (string | Hole)[][] = [[]];
  for (let at = 0; at < template.length; ) {
    PLACEHOLDER.lastIndex = at;
    const placeholder = PLACEHOLDER.exec(template)?.[0];
    const surrounding = surroundings.now;
    if (placeholder !== undefined && surrounding !== 'comment') {
      checkPlace(placeholder, surrounding);
      chunks.at(-1)?.push({ placeholder, surrounding });
      at += placeholder.length;
    } else {
      const wasOutside = surroundings.isOutside;
      const taken = surroundings.take(at);
      const isBetween = wasOutside && surroundings.isOutside && BETWEEN_WORDS.test(taken);
      if (isBetween) chunks.push([taken], []);
      else chunks.at(-1)?.push(taken);
      at += taken.length;
    }
  }
  return chunks.map(joined);
}

/** Merges neighbouring texts. */
function joined(chunk: readonly (string | Hole)[]): Chunk {
  const parts: (string | Hole)[] = [];
  for (const part of chunk) {
    const last = parts.at(-1);
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else parts.push(part);
  }
  return parts;
}

/** Where the shell evaluates its input, an item could run anything. */
const REFUSED: Partial<Record<Surrounding, string>> = {
  arithmetic: 'within $((…)), where the shell would evaluate it',
  factor: 'within $((…)), where the shell would evaluate it',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how a shell writes it.
  expansion: 'within ${…}, where the shell may evaluate it',
  verbatim: 'in a here-document whose delimiter is quoted, where the shell expands nothing',
};

function checkPlace(placeholder: string, surrounding: Surrounding): void {
  const place = REFUSED[surrounding];
  if (place === undefined || isNumber(placeholder)) return;
  const instead =
    surrounding === 'verbatim'
      ? 'leave the delimiter unquoted'
      : `assign it to a variable first, as in x=${placeholder};`;
  throw new CommandFailed(ExitCode.usage, `expected no ${placeholder} ${place}; ${instead}`);
}
