/** What threads of tests run in which traces are made. */

import { activeSpan, startTracing } from '../../../support/tracing.ts';

startTracing();

export async function where(_: string) {
  return activeSpan();
}
