// What is being typed, kept in this tab beyond a reload and the end of a session, and gone with the tab.
import { useState } from 'react';

export function useDraft(name: string): [string, (text: string) => void] {
  const key = `sluice-draft ${name}`;
  const [text, set] = useState(() => { try { return sessionStorage.getItem(key) ?? ''; } catch { return ''; } });
  return [text, (next) => {
    set(next);
    try { if (next) sessionStorage.setItem(key, next); else sessionStorage.removeItem(key); } catch { /* kept on the page alone */ }
  }];
}
