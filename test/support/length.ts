/** How long the longest tests are. */

/** Whether they run at full length: `npm run test:long`. */
export const isLong = process.env['TEST_LONG'] !== undefined;
