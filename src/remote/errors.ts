/**
 * Converts errors to plain data that survives structured clone and JSON, and back. Thrown values may be anything,
 * including hostile getters and cycles; neither direction throws.
 */

import { CannotTravel, NoSuchRemoteFunction, WorkerLost, WrongWorkerVersion } from '../errors.ts';
import type { Json } from '../index.ts';
import { jsonWithin, textWithin } from '../kit/bounded.ts';
import { firstOf, isArray, isError, read } from '../kit/realms.ts';

/** An error, or any other thrown value, as plain data. */
export type PackedError = PackedErrorItself | PackedValue;

interface PackedErrorItself {
  readonly name: string;
  readonly message: string;
  /** The name of its class, if it differs from `name`. */
  readonly class?: string;
  /** The stack of the thread or machine where it was thrown. */
  readonly stack?: string;
  readonly cause?: PackedError;
  /** The errors of an `AggregateError`. */
  readonly errors?: readonly PackedError[];
  /** Its own fields, including `code`, as JSON. */
  readonly fields?: { readonly [name: string]: Json };
}

interface PackedValue {
  /** Missing for `undefined`. */
  readonly thrown?: Json;
}

/** The deepest nesting of causes; deeper ones and cycles are left out. */
const DEPTH = 8;
/** How many errors of an `AggregateError`, and how many fields of an error, are sent. */
const MOST = 100;
/** The most errors and characters that are sent in total, since errors may be nested endlessly. */
const ALL = { errors: 500, characters: 2 ** 20 };
/** The most characters of a text or a field. */
const LONGEST = 64 * 1024;

/** Fields that are handled separately. */
const APART: readonly string[] = ['name', 'message', 'stack', 'cause', 'errors'];

/** Converts a thrown value to plain data. */
export function packError(error: unknown): PackedError {
  return new Packer().pack(error, new Set());
}

/** A class of errors. */
export type ErrorClass = abstract new (...args: never) => Error;
/** Classes of errors by name. */
export type ErrorClasses = ReadonlyMap<string, ErrorClass>;

const OURS: readonly ErrorClass[] = [
  CannotTravel,
  NoSuchRemoteFunction,
  WorkerLost,
  WrongWorkerVersion,
];

/** The error classes of this package and other given ones, whose instances are restored. @throws TypeError */
export function classesOf(others: readonly ErrorClass[] = []): ErrorClasses {
  const isClass = (each: ErrorClass) =>
    typeof each === 'function' && isError(read(each, 'prototype'));
  if (!isArray(others) || !others.every(isClass)) {
    throw new TypeError('expected errors to be an array of classes that extend Error');
  }
  return new Map([...OURS, ...others].map((each) => [each.name, each]));
}

/**
 * Restores a packed error, with its original name, as an instance of a known class or of one of the platform.
 * Constructors of known classes are not called.
 */
export function unpackError(packed: PackedError, classes: ErrorClasses = KNOWN): unknown {
  if (!('message' in packed)) return packed.thrown;
  const { name, stack, cause, fields } = packed;
  const error = makeError(packed, classes);
  const Class = classes.get(packed.class ?? name) ?? classes.get(name);
  if (Class !== undefined) Object.setPrototypeOf(error, Class.prototype as object);
  if (error.name !== name) define(error, 'name', name);
  if (stack !== undefined) define(error, 'stack', stack);
  if (cause !== undefined) define(error, 'cause', unpackError(cause, classes));
  for (const [field, value] of Object.entries(fields ?? {})) {
    // The `code` of a DOMException follows from its name.
    if (read(error, field) !== value) Reflect.defineProperty(error, field, own(value));
  }
  return error;
}

class Packer {
  #errorsLeft = ALL.errors;
  #charactersLeft = ALL.characters;

  pack(error: unknown, around: ReadonlySet<unknown>): PackedError {
    if (error === undefined) return {};
    if (!isError(error)) {
      const json = this.#jsonOf(error);
      return { thrown: json === undefined ? this.#textOf(error) : json };
    }
    const name = this.#textOf(read(error, 'name'));
    const className = read(read(error, 'constructor'), 'name');
    const isOther = typeof className === 'string' && className !== '' && className !== name;
    const stack = read(error, 'stack');
    const itself = {
      name,
      ...(isOther ? { class: this.#textOf(className) } : {}),
      message: this.#textOf(read(error, 'message')),
      ...(typeof stack === 'string' ? { stack: this.#textOf(stack) } : {}),
    };
    const fields = this.#fieldsOf(error);
    return {
      ...itself,
      ...this.#packWithin(error, new Set([...around, error])),
      ...(fields === undefined ? {} : { fields }),
    };
  }

  /** The cause of an error, and the errors that it combines. */
  #packWithin(error: object, within: ReadonlySet<unknown>): Partial<PackedErrorItself> {
    const isTooMuch = (each: unknown) => within.has(each);
    if (within.size >= DEPTH || this.#errorsLeft <= 0) return {};
    const cause = read(error, 'cause');
    const errors = read(error, 'errors');
    const parts = isArray(errors) ? firstOf(errors, MOST).filter((each) => !isTooMuch(each)) : [];
    this.#errorsLeft -= parts.length + 1;
    return {
      ...(cause === undefined || isTooMuch(cause) ? {} : { cause: this.pack(cause, within) }),
      ...(isArray(errors) ? { errors: parts.map((each) => this.pack(each, within)) } : {}),
    };
  }

  /** Its own fields, and `code` even if it is inherited; undefined if there are none. */
  #fieldsOf(error: object): Record<string, Json> | undefined {
    const names = new Set([...ownNames(error), 'code']);
    for (const name of APART) names.delete(name);
    const fields: [string, Json][] = [];
    for (const name of [...names].slice(0, MOST)) {
      if (this.#charactersLeft <= 0) break;
      const value = this.#jsonOf(read(error, name));
      if (value !== undefined) fields.push([name, value]);
    }
    return fields.length === 0 ? undefined : Object.fromEntries(fields);
  }

  /** A value as JSON data; undefined if it has no JSON form or is too long. */
  #jsonOf(value: unknown): Json | undefined {
    try {
      const text = jsonWithin(this.#mostOfOne, value);
      if (text === undefined || text.length > LONGEST) return undefined;
      this.#charactersLeft -= text.length;
      return JSON.parse(text) as Json;
    } catch {
      return undefined;
    }
  }

  #textOf(value: unknown): string {
    const text = textWithin(this.#mostOfOne, value);
    this.#charactersLeft -= text.length;
    return text;
  }

  get #mostOfOne(): number {
    return Math.max(1, Math.min(LONGEST, this.#charactersLeft));
  }
}

function ownNames(error: object): string[] {
  try {
    return Object.keys(error);
  } catch {
    return [];
  }
}

const CLASSES: Readonly<Record<string, new (message: string) => Error>> = {
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/** Errors with these names become a `DOMException`, whatever their class was. */
const DOM_NAMES: readonly string[] = ['AbortError', 'TimeoutError'];

function makeError(
  { name, class: className, message, errors }: PackedErrorItself,
  classes: ErrorClasses,
): Error {
  if (errors !== undefined) {
    const all = errors.map((each) => unpackError(each, classes));
    return new AggregateError(all, message);
  }
  const isOfPlatform = className === 'DOMException' || DOM_NAMES.includes(name);
  if (isOfPlatform) return new DOMException(message, name);
  const Class = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
  return Class === undefined ? new Error(message) : new Class(message);
}

/** Not enumerable, like the built-in properties of errors. */
function define(error: Error, name: string, value: unknown): void {
  Reflect.defineProperty(error, name, { value, configurable: true, writable: true });
}

function own(value: unknown): PropertyDescriptor {
  return { value, configurable: true, enumerable: true, writable: true };
}

const KNOWN = classesOf();
