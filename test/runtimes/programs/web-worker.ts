/** The self-test in a worker of a page. */

import { selfTest } from '../self-test.ts';

declare function postMessage(message: unknown): void;

postMessage(await selfTest());
