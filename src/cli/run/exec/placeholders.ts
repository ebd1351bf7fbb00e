/** What stands for the item in a command, with the meaning that GNU parallel gives it. */

/** What a command is made for. */
export interface Job {
  /** The item; several where there are several sources, columns, or many items per command. */
  readonly args: readonly string[];
  /** Its place in the input, from 1. */
  readonly place: number;
  /** Which of those that run at the same time it is, from 1. */
  readonly slot: number;
}

/** The texts that a placeholder stands for. */
export type Placeholder = (job: Job) => readonly string[];

/** Finds the next placeholder in a text. */
export const ANY_PLACEHOLDER = /\{(?:[#%]|(?:-?[1-9]\d{0,3})?(?:\/\/|\/\.|\.|\/|))\}/;

/** What becomes of an argument, by the signs at the end of a placeholder. */
const TRANSFORMS: Readonly<Record<string, (arg: string) => string>> = {
  '': (arg) => arg,
  '.': withoutExtension,
  '/': baseName,
  '//': directory,
  '/.': (arg) => withoutExtension(baseName(arg)),
};

/** The meaning of a placeholder such as `{}`, `{/.}`, `{2}`, `{-1.}` or `{#}`. */
export function placeholderOf(text: string): Placeholder {
  if (text === '{#}') return ({ place }) => [String(place)];
  if (text === '{%}') return ({ slot }) => [String(slot)];
  const [, position = '', signs = ''] = /^\{(-?\d*)(.*)\}$/.exec(text) ?? [];
  const transform = TRANSFORMS[signs] as (arg: string) => string;
  if (position === '') return ({ args }) => args.map(transform);
  const index = Number(position);
  return ({ args }) => {
    const arg = args.at(index < 0 ? index : index - 1);
    return arg === undefined ? [] : [transform(arg)];
  };
}

const EACH = new RegExp(ANY_PLACEHOLDER, 'g');

/** A text with placeholders for the item, such as a key or a tag. */
export function filled(template: string, args: readonly string[]): string {
  return template.replace(EACH, (text) =>
    placeholderOf(text)({ args, place: 0, slot: 0 }).join(' '),
  );
}

/** Whether it stands for a number of ours: nothing in it could mean anything to a shell. */
export function isNumber(placeholder: string): boolean {
  return placeholder === '{#}' || placeholder === '{%}';
}

/** Whether it stands for all arguments, as `{}` and `{.}` do, and not for one, as `{2}` does. */
export function isOfAll(placeholder: string): boolean {
  return !/[#%\d]/.test(placeholder);
}

/** A dot at the start of a name counts: of `.profile` nothing is left. */
function withoutExtension(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot > path.lastIndexOf('/') ? path.slice(0, dot) : path;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What `dirname` prints. */
function directory(path: string): string {
  const parent = withoutSlashes(path.slice(0, withoutSlashes(path).lastIndexOf('/') + 1));
  if (parent !== '') return parent;
  return path.startsWith('/') ? '/' : '.';
}

function withoutSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end--;
  return path.slice(0, end);
}
