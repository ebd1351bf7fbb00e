/** What is counted together when there is too much to count separately. */

/** The name of all others. */
export const OTHERS = '(others)';
