/** What functions do that run here, those elsewhere are to do as well. */

import { describe, test } from 'vitest';
import * as work from 'xstate-taskpool/testing/contract-functions';
import { remoteFunctionContract } from 'xstate-taskpool/testing/contracts';

describe('functions that run here', () => {
  for (const { name, run } of remoteFunctionContract({ work: () => work, way: 'same' })) {
    test(name, run);
  }
});
