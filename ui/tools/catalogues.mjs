// What is wrong with the catalogues: every language has every message of English, with the same arguments and every plural form that it needs.
import { readFileSync, readdirSync } from 'node:fs';
import { TYPE, parse } from '@formatjs/icu-messageformat-parser';

const folder = new URL('../src/i18n/', import.meta.url);

export function read_catalogues() {
  return Object.fromEntries(readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => [name.slice(0, -5), JSON.parse(readFileSync(new URL(name, folder), 'utf8'))]));
}

function look(elements, language, found = { names: new Set(), faults: [] }) {
  for (const e of elements) {
    if (e.type !== TYPE.literal && e.type !== TYPE.pound) found.names.add(e.value);
    if (!e.options) continue;
    if (e.type === TYPE.plural) {
      const wanted = new Intl.PluralRules(language, { type: e.pluralType ?? 'cardinal' }).resolvedOptions().pluralCategories;
      const missing = wanted.filter((form) => !e.options[form]);
      if (missing.length) found.faults.push(`no plural form ${missing.join(', ')}`);
    }
    for (const { value } of Object.values(e.options)) look(value, language, found);
  }
  return found;
}

export function faults_of(catalogues) {
  const faults = [];
  const shapes = new Map();
  for (const [language, messages] of [['en', catalogues.en], ...Object.entries(catalogues).filter(([name]) => name !== 'en')]) {
    for (const key of Object.keys(catalogues.en)) if (!(key in messages)) faults.push(`${language}: ${key} is missing`);
    for (const [key, text] of Object.entries(messages)) {
      if (!(key in catalogues.en)) { faults.push(`${language}: ${key} is not in English`); continue; }
      if (!text.trim()) faults.push(`${language}: ${key} is empty`);
      try {
        const { names, faults: own } = look(parse(text), language);
        const shape = [...names].sort().join(' ');
        if (language === 'en') shapes.set(key, shape);
        else if (shapes.get(key) !== shape) faults.push(`${language}: ${key} takes "${shape}", English "${shapes.get(key)}"`);
        for (const fault of own) faults.push(`${language}: ${key}: ${fault}`);
      } catch (error) {
        faults.push(`${language}: ${key}: ${error.message}`);
      }
    }
  }
  return faults;
}
