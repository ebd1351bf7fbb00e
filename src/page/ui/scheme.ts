/** The colour scheme: that of the system, or the user's choice. */

import { setScheme } from './colors.ts';

type Scheme = 'light' | 'dark' | 'system';

const KEY = 'taskpool-scheme';

/** Applies the scheme chosen before. */
export function restoreScheme(): void {
  try {
    const chosen = localStorage.getItem(KEY);
    if (chosen === 'light' || chosen === 'dark') setScheme(chosen);
  } catch {
    // A framed page of another site has no storage.
  }
}

export function chooseScheme(scheme: Scheme): void {
  localStorage.setItem(KEY, scheme);
  setScheme(scheme === 'system' ? undefined : scheme);
}
