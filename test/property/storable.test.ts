/** Exactly what JSON gives back unchanged can be stored. */

import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect } from 'vitest';
import { NotStorable } from 'xstate-taskpool';
import { storable } from '../../src/pool/storing/storable.ts';
import { property } from '../support/property.ts';
import { runs } from '../support/runs.ts';

function survivesJson(value: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value);
  } catch {
    return false;
  }
}

const isDeepFrozen = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (Object.isFrozen(value) && Object.values(value).every(isDeepFrozen));

const anything = fc.oneof(
  fc.jsonValue(),
  fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  }),
);

property([anything, fc.array(fc.constantFrom('object', 'array'), { maxLength: 3 })], runs(2_000))(
  'a value is stored if JSON does not change it, as a frozen copy, and refused otherwise',
  (value, around) => {
    const whole = around.reduceRight<unknown>(
      (inner, kind) => (kind === 'array' ? [0, inner] : { key: inner }),
      value,
    );
    if (survivesJson(whole)) {
      const copy = storable(whole, 'value');
      expect(isDeepStrictEqual(copy, whole)).toBe(true);
      expect(isDeepFrozen(copy)).toBe(true);
    } else expect(() => storable(whole, 'value')).toThrow(NotStorable);
  },
);
