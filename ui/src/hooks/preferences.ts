// What this browser remembers of how its user likes the page: never content.
import { useSyncExternalStore } from 'react';
import { guessLanguage, type Language } from '../i18n/words';

export interface Preferences {
  theme: 'system' | 'light' | 'dark';
  contrast: 'system' | 'more';
  density: 'comfortable' | 'compact';
  language: Language;
  keys: boolean;        // shortcuts of a single key
}

const name = 'sluice-preferences';
const listeners = new Set<() => void>();

function stored(): Preferences {
  const first: Preferences = { theme: 'system', contrast: 'system', density: 'comfortable', language: guessLanguage(), keys: true };
  try {
    return { ...first, ...(JSON.parse(localStorage.getItem(name) ?? '{}') as Partial<Preferences>) };
  } catch {
    return first;
  }
}

let now = stored();

export function showPreferences(): void {
  const { dataset } = document.documentElement;
  dataset['theme'] = now.theme;
  dataset['contrast'] = now.contrast;
  dataset['density'] = now.density;
  document.documentElement.lang = now.language === 'pseudo' ? 'en' : now.language;
}

export function prefer(change: Partial<Preferences>): void {
  now = { ...now, ...change };
  try { localStorage.setItem(name, JSON.stringify(now)); } catch { /* a browser that keeps nothing: it holds for this page */ }
  showPreferences();
  for (const tell of listeners) tell();
}

export const preferences = (): Preferences => now;
export function usePreferences(): Preferences {
  return useSyncExternalStore((tell) => { listeners.add(tell); return () => listeners.delete(tell); }, preferences);
}
