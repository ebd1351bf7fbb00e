/** Compiles a command with placeholders, which then returns a program and its arguments for each item. */

import { CommandFailed, ExitCode } from '../../exit.ts';
import { directWords, type Piece } from './direct-words.ts';
import { ANY_PLACEHOLDER, isOfAll, type Job, placeholderOf } from './placeholders.ts';
import { ShellTemplate } from './shell-script.ts';

/** The program and arguments for an item. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** A compiled command. */
export interface Template {
  /** The program, if it is the same for every item. */
  readonly program: string | undefined;
  /** Whether the command needs a shell. */
  readonly usesShell: boolean;
  /** Returns the program and arguments for an item. */
  command(job: Job): Command;
  /** Returns the command for an item as a line for a shell. */
  text(job: Job): string;
}

export interface TemplateOptions {
  /** The path of the shell for all commands. Default: `/bin/sh`, and only for commands that need a shell. */
  readonly shell?: string;
  /** Whether the word around a placeholder is repeated for each of several arguments. */
  readonly repeats?: boolean;
  /** Whether commands get nothing from their item. */
  readonly takesNothing?: boolean;
}

const DEFAULT_SHELL = '/bin/sh';
/** The template of commands that are the items themselves. */
const WHOLE = '{}';

/**
 * Compiles a command. Without a placeholder the item is appended as the last argument; if the template is only a
 * placeholder, the item itself is the command. A shell is used only if the command uses shell syntax, or a shell was
 * named.
 *
 * @throws CommandFailed for a placeholder where none is allowed.
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

/** Refuses Perl expressions of GNU parallel, which would be passed on literally here. */
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

/** Commands that are the items themselves. */
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
    // The builtins of other shells are not known here.
    program: shell === DEFAULT_SHELL ? firstProgram(template) : undefined,
    usesShell: true,
    command: (job) => {
      const { text, parameters } = forShell.script(job);
      // `$0`: the name with which the shell's own messages begin.
      return { file: shell, args: ['-c', text, 'taskpool', ...parameters] };
    },
    text: (job) => forShell.text(job),
  };
}

/** The first word of a script, if it is certainly a program. */
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

/** Expands a word to several if an unquoted placeholder in it stands for several values. */
function expandedWords(word: readonly Piece[], job: Job): readonly string[] {
  const words = [''];
  // An unquoted placeholder without values leaves no word.
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

/** Repeats a word with a placeholder for each argument. */
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
