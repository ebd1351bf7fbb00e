/** Pools that adjust their size to their capacity: `xstate-taskpool/autosize`. */

export { type AimdOptions, aimd } from './aimd.ts';
export { type AutosizeOptions, type Autosizer, autosize } from './autosize.ts';
export { type GradientOptions, gradient } from './gradient.ts';
export type { Decide, SizeAdvice, SizePolicy, SizeSample, SystemLoad } from './policy.ts';
export { smallest } from './smallest.ts';
