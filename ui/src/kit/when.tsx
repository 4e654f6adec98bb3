// An instant: always with its zone, in UTC and here, and how far it is.
import { useNow, useTimes } from '../hooks/clock';

// "10 Dec 2021, 10:00 UTC", with the local time beside it where that isn't UTC.
export function When({ at, both = false }: { at: string; both?: boolean }) {
  const { write } = useTimes();
  const { utc, local, zone, iso } = write(at);
  const here = zone === 'UTC' ? undefined : `${local} ${zone}`;
  return <time dateTime={iso} translate="no" {...(here && !both ? { title: here } : {})}>{utc}{both && here ? <span className="soft"> · {here}</span> : null}</time>;
}

export function Away({ at }: { at: string }) {
  const now = useNow();
  const { away } = useTimes();
  return <span className="away">{away(at, now)}</span>;
}
