/** The length of the longest tests. */

/** Whether they run at full length: `npm run test:long`. */
export const isLong = process.env['TEST_LONG'] !== undefined;
