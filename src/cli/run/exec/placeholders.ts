/** The placeholders in a command, with the meaning that GNU parallel gives them. */

/** The values for placeholders. */
export interface Job {
  /** The arguments: one, or several for several sources, columns, or items per command. */
  readonly args: readonly string[];
  /** The position of the item in the input, from 1. */
  readonly place: number;
  /** The number of the slot among those running concurrently, from 1. */
  readonly slot: number;
}

/** Returns the texts that replace a placeholder. */
export type Placeholder = (job: Job) => readonly string[];

/** Finds the next placeholder in a text. */
export const ANY_PLACEHOLDER = /\{(?:[#%]|(?:-?[1-9]\d{0,3})?(?:\/\/|\/\.|\.|\/|))\}/;

/** The transformation of an argument, by the signs at the end of a placeholder. */
const TRANSFORMS: Readonly<Record<string, (arg: string) => string>> = {
  '': (arg) => arg,
  '.': withoutExtension,
  '/': baseName,
  '//': directory,
  '/.': (arg) => withoutExtension(baseName(arg)),
};

/** Compiles a placeholder such as `{}`, `{/.}`, `{2}`, `{-1.}` or `{#}`. */
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

/** Fills a template such as a key or a tag; `{#}` and `{%}` are not meaningful in it. */
export function filled(template: string, args: readonly string[]): string {
  return template.replace(EACH, (text) =>
    placeholderOf(text)({ args, place: 0, slot: 0 }).join(' '),
  );
}

/** Whether a placeholder is a number of ours, which no shell could misinterpret. */
export function isNumber(placeholder: string): boolean {
  return placeholder === '{#}' || placeholder === '{%}';
}

/** Whether a placeholder stands for all arguments, like `{}` and `{.}`, and not for one, like `{2}`. */
export function isOfAll(placeholder: string): boolean {
  return !/[#%\d]/.test(placeholder);
}

/** As in GNU parallel, a leading dot counts: nothing is left of `.profile`. */
function withoutExtension(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot > path.lastIndexOf('/') ? path.slice(0, dot) : path;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The output of `dirname`. */
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
