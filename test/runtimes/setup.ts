import { install } from './installed.ts';

/** Before all tests: whatever is needed is there. */
export function setup(): void {
  install();
}
