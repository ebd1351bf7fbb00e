/// <reference types="vite/client" />
/** All tests that may notice a mutant, in one file, so that a process can run any of them for each mutant. */

import { describe } from 'vitest';

const files = import.meta.glob([
  '../test/unit/*.test.ts',
  '../test/unit/{actors,machines,recovery}/*.test.ts',
  '../test/unit/otel/traces.test.ts',
  '../test/unit/remote/placed.test.ts',
  '../test/property/{call-order,capture,checkpoint,checkpoint-parts,compile,flow,interleavings,limit-records}.test.ts',
  '../test/property/{limits,queue,races,recovery,relay,replay,size-waits,storable,submission-feed,submissions,task-lists,times}.test.ts',
  // What they test is not mutated.
  '!../test/unit/{close-on-signal,diagnostics,inspect,inspect-delivery,printable,regular-expressions}.test.ts',
  // They measure, are slow, or replace timers.
  '!../test/unit/{any-value,costs,fake-timers,fake-timers-servers,memory-store,slow-store}.test.ts',
  '!../test/unit/recovery/many*.test.ts',
]);

for (const [name, load] of Object.entries(files)) {
  describe(name, async () => {
    await load();
  });
}
