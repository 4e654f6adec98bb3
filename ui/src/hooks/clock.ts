// The site's time, which on a demo site isn't the machine's, and how instants are written.
import { useSyncExternalStore } from 'react';
import { useMe } from './session';
import { useWords } from '../i18n/words';

const step = 15_000;

// One timer for all that show how far something is: a long thread has a thousand of them.
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
const subscribe = (tell: () => void) => {
  listeners.add(tell);
  timer ??= setInterval(() => { for (const one of listeners) one(); }, 1000);
  return () => {
    listeners.delete(tell);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
};

// Milliseconds, renewed every fifteen seconds: countdowns tell minutes.
export function useNow(): number {
  const { clockAhead } = useMe();
  return useSyncExternalStore(subscribe, () => Math.floor(Date.now() / step) * step) + clockAhead;
}

export interface Written { utc: string; local: string; zone: string; iso: string }

// Making one takes longer than all that it then writes on a page, so each language's are made once.
const made = new Map<string, ReturnType<typeof formatsOf>>();
function formatsOf(locale: string) {
  const utc = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC', hourCycle: 'h23' });
  const local = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' });
  const hour = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: 'UTC', hourCycle: 'h23' });
  const zone = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  return { utc, local, day, hour, zone, relative };
}

export function useTimes() {
  const { t, locale } = useWords();
  let formats = made.get(locale);
  if (!formats) made.set(locale, (formats = formatsOf(locale)));
  const { utc, local, day, hour, zone, relative } = formats;
  return {
    write(at: string): Written {
      const date = new Date(at);
      return { iso: at, utc: t('time.utc', { time: utc.format(date) }), local: local.format(date), zone: zone.formatToParts(date).find((part) => part.type === 'timeZoneName')?.value ?? '' };
    },
    day: (at: string) => day.format(new Date(at)),
    hour: (at: string) => hour.format(new Date(at)),
    // "in 3 days", "2 hours ago": the largest unit that has at least two, so that nothing is rounded far.
    away(at: string | number, now: number): string {
      const seconds = (new Date(at).getTime() - now) / 1000;
      const size = Math.abs(seconds);
      if (size < 90) return relative.format(Math.round(seconds), 'second');
      if (size < 2 * 3600) return relative.format(Math.trunc(seconds / 60), 'minute');
      if (size < 48 * 3600) return relative.format(Math.trunc(seconds / 3600), 'hour');
      return relative.format(Math.trunc(seconds / 86_400), 'day');
    },
  };
}
