// What the page says, in the reader's language: one catalogue each (ICU messages), loaded when it is needed. `t` is the only way to words.
import { IntlMessageFormat } from 'intl-messageformat';
import { createContext, useContext, useMemo, type ReactNode } from 'react';

export type Key = keyof typeof import('./en.json');
export type Catalogue = Record<Key, string>;
type Given = Record<string, string | number | Date>;
export type T = (key: Key, given?: Given) => string;

export const languages = { en: 'English', de: 'Deutsch', ja: '日本語', 'zh-Hans': '简体中文' } as const;
export type Language = keyof typeof languages | 'pseudo';

// From each language one that reads like it and can't be taken for it: words that stay plain on the page are in no catalogue.
export function pseudo(text: string): string {
  let depth = 0;
  let out = '';
  for (const c of text) {
    if (c === '{') depth += 1;
    out += depth % 2 === 0 && /[a-z]/i.test(c) ? String.fromCodePoint((c >= 'a' ? 0x1d5ee - 97 : 0x1d5d4 - 65) + c.charCodeAt(0)) : c;
    if (c === '}') depth -= 1;
  }
  return out;
}

export async function loadCatalogue(language: Language): Promise<Catalogue> {
  switch (language) {
    case 'de': return (await import('./de.json')).default;
    case 'ja': return (await import('./ja.json')).default;
    case 'zh-Hans': return (await import('./zh-Hans.json')).default;
    case 'en': return (await import('./en.json')).default;
    case 'pseudo': {
      const { default: english } = await import('./en.json');
      return Object.fromEntries(Object.entries(english).map(([key, text]) => [key, pseudo(text)])) as Catalogue;
    }
  }
}

export function guessLanguage(): Language {
  for (const wanted of navigator.languages) {
    const first = wanted.toLowerCase();
    if (first.startsWith('zh')) return 'zh-Hans';
    for (const known of ['en', 'de', 'ja'] as const) if (first.startsWith(known)) return known;
  }
  return 'en';
}

export interface Words { t: T; has: (key: string) => key is Key; locale: string; language: Language }
const Said = createContext<Words | undefined>(undefined);

export function WordsProvider({ catalogue, language, children }: { catalogue: Catalogue; language: Language; children: ReactNode }) {
  const words = useMemo<Words>(() => {
    const locale = language === 'pseudo' ? 'en' : language;
    const formats = new Map<Key, IntlMessageFormat>();
    const t: T = (key, given) => {
      const text = catalogue[key];
      if (!given && !text.includes('{') && !text.includes("'")) return text;
      let format = formats.get(key);
      if (!format) formats.set(key, (format = new IntlMessageFormat(text, locale)));
      return String(format.format(given));
    };
    return { t, has: (key): key is Key => key in catalogue, locale, language };
  }, [catalogue, language]);
  return <Said value={words}>{children}</Said>;
}

export function useWords(): Words {
  const words = useContext(Said);
  if (!words) throw new Error('no words');
  return words;
}
