/** The self-test in a page: it leaves its findings where the test looks for them. */

import { selfTest } from '../self-test.ts';

Object.assign(globalThis, { findings: selfTest() });
