/** Functions with which commands and their parameters are defined. */

import type { ValueType } from './arguments/value-types.ts';
import type {
  Audience,
  Command,
  Definition,
  Option,
  Options,
  Positional,
  Positionals,
  Takes,
} from './command.ts';
import { printValue } from './printing/print.ts';

/** Fills in the defaults of a definition. */
export function command<
  R,
  const P extends Positionals = readonly [],
  const O extends Options = Record<never, never>,
  const A extends Audience = 'every pool',
  const S extends boolean = false,
>(definition: Definition<A, P, O, R, S>): Command<P, O, R, S> {
  const { changes } = definition;
  return {
    of: definition.of ?? 'every pool',
    help: definition.help,
    answer: definition.answer ?? 'nothing',
    positionals: definition.positionals ?? ([] as unknown as P),
    options: definition.options ?? ({} as O),
    streams: definition.streams ?? (false as S),
    changes: typeof changes === 'function' ? changes : () => changes,
    run: (context, args) => definition.run(context as never, args),
    print: (value, args) => definition.print?.(value, args) ?? printValue(value),
    fromJson: (value) => definition.fromJson?.(value) ?? (value as R),
  };
}

type Make<K extends Takes> = <const N extends string, T>(
  name: N,
  label: string,
  type: ValueType<T>,
  help: string,
) => Positional<N, T, K>;

const positional =
  <K extends Takes>(takes: K): Make<K> =>
  (name, label, type, help) => ({ name, label, takes, type, help });

/** A parameter with exactly one value. */
export const one = positional('one');
/** A parameter with at most one value. */
export const optional = positional('optional');
/** A parameter with one value or more. */
export const some = positional('some');
/** A parameter with any number of values. */
export const any = positional('any');

/** An optional option. */
export function option<T>(
  letter: string,
  label: string,
  type: ValueType<T>,
  help: string,
): Option<T, undefined>;
export function option<T>(
  letter: string,
  label: string,
  type: ValueType<T>,
  help: string,
  otherwise: T,
): Option<T, T>;
export function option<T>(
  letter: string,
  label: string,
  type: ValueType<T>,
  help: string,
  otherwise?: T,
): Option<T> {
  return { letter, label, type, default: otherwise, help };
}

/** A switch. */
export function flag(letter: string, help: string): Option<boolean, boolean> {
  return { letter, default: false, help };
}
