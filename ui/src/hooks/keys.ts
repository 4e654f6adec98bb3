// Keys of one letter, which don't reach into fields and can be switched off (WCAG 2.1.4); and j and k through a list.
import { useEffect } from 'react';
import { preferences } from './preferences';

const takesText = (e: EventTarget | null): boolean => e instanceof HTMLElement && (e.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(e.tagName));
const isBehindDialog = (): boolean => document.querySelector('[role=dialog], [role=alertdialog]') !== null;

export function useKeys(keys: Record<string, () => void>): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const isChord = event.ctrlKey || event.metaKey;
      const name = isChord ? `mod+${event.key.toLowerCase()}` : event.key;
      const run = keys[name];
      if (!run || event.altKey || event.isComposing || event.defaultPrevented) return;
      if (!isChord && (!preferences().keys || takesText(event.target) || isBehindDialog())) return;
      event.preventDefault();
      run();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [keys]);
}

// Moves the focus among what is marked data-row; the first or last one where none has it.
export function toRow(way: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')].filter((row) => row.checkVisibility());
  const at = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  const next = rows[at < 0 ? (way > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + way, 0), rows.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}
