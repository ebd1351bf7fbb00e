/** Reads the fields of any error safely, including errors of other realms and broken ones. */

import { isArray, isError, isObject, read } from '../kit/realms.ts';

export interface ErrorFields {
  readonly name: string;
  readonly message: string;
  /** Undefined unless it is a string. */
  readonly code: string | undefined;
  /** Empty if there is none. */
  readonly stack: string;
  readonly cause: unknown;
  /** The errors of an AggregateError. */
  readonly errors: readonly unknown[];
}

/** The fields of an error; undefined if the value is none. Never throws. */
export function readError(value: unknown): ErrorFields | undefined {
  return isError(value) ? fieldsOf(value) : undefined;
}

/** The same for data with the `message` of an error. */
export function readErrorData(value: unknown): ErrorFields | undefined {
  return isObject(value) && typeof read(value, 'message') === 'string'
    ? fieldsOf(value)
    : undefined;
}

function fieldsOf(error: object): ErrorFields {
  const code = read(error, 'code');
  const errors = read(error, 'errors');
  return {
    name: textOf(read(error, 'name')) || 'Error',
    message: textOf(read(error, 'message')),
    code: typeof code === 'string' && code !== '' ? code : undefined,
    stack: textOf(read(error, 'stack')),
    cause: read(error, 'cause'),
    errors: isArray(errors) ? errors : [],
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
