/** A command with placeholders, made ready: for each item it gives a program and its arguments. */

import { CommandFailed, ExitCode } from '../../exit.ts';
import { directWords, type Piece } from './direct-words.ts';
import { ANY_PLACEHOLDER, isOfAll, type Job, placeholderOf } from './placeholders.ts';
import { ShellTemplate } from './shell-script.ts';

/** What is started for an item. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** A command with placeholders. */
export interface Template {
  /** The program that is started for every item, if it is always the same. */
  readonly program: string | undefined;
  /** Whether it takes a shell. */
  readonly usesShell: boolean;
  /** What is started for an item. */
  command(job: Job): Command;
  /** The same as a line for a shell, with the item in it. */
  text(job: Job): string;
}

export interface TemplateOptions {
  /** The path of the shell that runs all commands. Default: `/bin/sh`, if a command takes one. */
  readonly shell?: string;
  /** Whether the word around a placeholder is repeated for each of several arguments. */
  readonly repeats?: boolean;
  /** Whether a command gets nothing of its item. */
  readonly takesNothing?: boolean;
}

const DEFAULT_SHELL = '/bin/sh';
/** The template of commands that are items as they stand. */
const WHOLE = '{}';

/**
 * Reads a command. Where there is no placeholder, the item becomes its last argument; where there is
 * nothing else, the item itself is the command. It is given to the shell only where it uses
 * something of the shell's, or where a shell was named.
 *
 * @throws CommandFailed for a placeholder where none can be.
 */
export function parseTemplate(text: string, options: TemplateOptions = {}): Template {
  const { takesNothing = false } = options;
  checkExpressions(text);
  const template = templateOf(text, options);
  if (!takesNothing) return template;
  return {
    ...template,
    command: (job) => template.command({ ...job, args: [] }),
    text: (job) => template.text({ ...job, args: [] }),
  };
}

function templateOf(
  text: string,
  { shell, repeats = false, takesNothing }: TemplateOptions,
): Template {
  if (text.trim() === WHOLE) return wholeCommands(shell ?? DEFAULT_SHELL);
  const isComplete = takesNothing || ANY_PLACEHOLDER.test(text);
  const template = isComplete ? text : `${text} {}`;
  const words = shell === undefined ? directWords(template) : undefined;
  return words === undefined
    ? throughShell(template, shell ?? DEFAULT_SHELL, repeats)
    : direct(words, new ShellTemplate(template, repeats), repeats);
}

/** GNU parallel has Perl in a command, which would be passed on as it stands here. */
function checkExpressions(text: string): void {
  const start = text.indexOf('{=');
  const end = start === -1 ? -1 : text.indexOf('=}', start + 2);
  if (end === -1) return;
  const expression = text.slice(start, end + 2);
  throw new CommandFailed(
    ExitCode.usage,
    `expected no Perl in a command, got ${expression}; let the shell do it, as in x={}; echo "\${x%.txt}"`,
  );
}

/** Items that are commands themselves. */
function wholeCommands(shell: string): Template {
  const text = ({ args }: Job) => args.join(' ');
  return {
    program: undefined,
    usesShell: true,
    command: (job) => ({ file: shell, args: ['-c', text(job)] }),
    text,
  };
}

function throughShell(template: string, shell: string, repeats: boolean): Template {
  const forShell = new ShellTemplate(template, repeats);
  return {
    // What another shell has built in is not known here.
    program: shell === DEFAULT_SHELL ? firstProgram(template) : undefined,
    usesShell: true,
    command: (job) => {
      const { text, parameters } = forShell.script(job);
      // The name after the script is the one that the shell's own messages begin with.
      return { file: shell, args: ['-c', text, 'taskpool', ...parameters] };
    },
    text: (job) => forShell.text(job),
  };
}

/** The program at the start of a script, if it is sure to be one. */
function firstProgram(template: string): string | undefined {
  const start = /^\s*([^\s;&|]+)(?=\s)/.exec(template)?.[1];
  const words = start === undefined ? undefined : directWords(start);
  return words?.length === 1 ? start : undefined;
}

function direct(
  words: readonly (readonly Piece[])[],
  forShell: ShellTemplate,
  repeats: boolean,
): Template {
  const [program = [], ...rest] = words;
  const file = program.map(({ text }) => text).join('');
  const expand = repeats ? repeatedWords : expandedWords;
  return {
    program: file,
    usesShell: false,
    command: (job) => ({ file, args: rest.flatMap((word) => expand(word, job)) }),
    text: (job) => forShell.text(job),
  };
}

/** The words that a word becomes: several, if an unquoted placeholder in it stands for several. */
function expandedWords(word: readonly Piece[], job: Job): readonly string[] {
  const words = [''];
  // Where nothing stands for nothing, no word is left.
  let isWord = false;
  for (const { text, isPlaceholder, isQuoted } of word) {
    const values = isPlaceholder ? placeholderOf(text)(job) : [text];
    const [first = '', ...rest] = isQuoted ? [values.join(' ')] : values;
    isWord ||= isQuoted || values.length > 0;
    words[words.length - 1] += first;
    for (const value of rest) words.push(value);
  }
  return isWord ? words : [];
}

/** A word with a placeholder, once for each argument. */
function repeatedWords(word: readonly Piece[], job: Job): readonly string[] {
  const isRepeated = word.some(({ isPlaceholder, text }) => isPlaceholder && isOfAll(text));
  if (!isRepeated) return expandedWords(word, job);
  return job.args.map((arg) => {
    const one = { ...job, args: [arg] };
    return word
      .map(({ isPlaceholder, text }) =>
        isPlaceholder ? placeholderOf(text)(isOfAll(text) ? one : job).join(' ') : text,
      )
      .join('');
  });
}
