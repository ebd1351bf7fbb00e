/** Light or dark: as the system has it, or as was chosen here. */

import { setScheme } from './colors.ts';

type Scheme = 'light' | 'dark' | 'system';

const KEY = 'taskpool-scheme';

/** Takes the scheme that was chosen before. */
export function restoreScheme(): void {
  try {
    const chosen = localStorage.getItem(KEY);
    if (chosen === 'light' || chosen === 'dark') setScheme(chosen);
  } catch {
    // A page in a frame of another site has no storage.
  }
}

export function chooseScheme(scheme: Scheme): void {
  localStorage.setItem(KEY, scheme);
  setScheme(scheme === 'system' ? undefined : scheme);
}
