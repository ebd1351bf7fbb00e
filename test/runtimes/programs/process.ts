/** The self-test in a process: Node, Deno, Bun. */

import { selfTest } from '../self-test.ts';

console.log(JSON.stringify(await selfTest()));
