// Who sees what lies in a part of a case, as word, colour and picture. Stands at everything that is shown of it, and before whatever is saved into it.
import type { ReactNode } from 'react';
import type { Case } from '../api/shapes';
import { useWords, type Key } from '../i18n/words';

type Part = 'coordination' | 'shared' | 'org' | 'report' | 'group';
const pictures: Record<Part, ReactNode> = {
  coordination: <path d="M8 2l5.5 2.2v3.6c0 3-2.3 5.2-5.5 6.2-3.2-1-5.5-3.2-5.5-6.2V4.2z" />,
  shared: <><circle cx="5" cy="6" r="2.2" /><circle cx="11" cy="6" r="2.2" /><path d="M1.5 13c0-2.4 1.6-3.8 3.5-3.8S8.5 10.6 8.5 13M7.5 13c0-2.4 1.6-3.8 3.5-3.800s3.5 1.4 3.5 3.8" /></>,
  org: <path d="M3 14V3h6v11M9 6.500h4V14M5 5.500h2M5 8.500h2M5 11.500h2" />,
  report: <path d="M2 4h12v8.500H2zM2 4.500l6 4.5 6-4.5" />,
  group: <><circle cx="8" cy="8" r="6" /><circle cx="8" cy="8" r="2.5" /></>,
};
const words: Record<Part, Key> = { coordination: 'audience.coordination', shared: 'audience.shared', org: 'audience.org', report: 'audience.report', group: 'audience.group' };

export function partOf(audience: string): Part {
  const kind = audience.split(':')[0];
  return kind === 'coordination' || kind === 'org' || kind === 'report' || kind === 'group' ? kind : 'shared';
}

export function nameOf(audience: string, shown: Case): string | undefined {
  const id = audience.split(':')[1];
  if (!id) return undefined;
  return shown.participants?.find((one) => one.organisation.id === id)?.organisation.name ?? shown.groups?.find((one) => one.id === id)?.name;
}

export function Audience({ of, shown }: { of: string; shown: Case }) {
  const { t } = useWords();
  const part = partOf(of);
  const name = nameOf(of, shown);
  return <span className="audience" data-part={part}><svg className="icon" viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.5">{pictures[part]}</svg>{t(words[part])}{name ? <> <span translate="no">{name}</span></> : null}</span>;
}

// Before a save: who will see this, by name where the viewer may know them.
export function WhoWillSee({ of, shown }: { of: string; shown: Case }) {
  const { t } = useWords();
  const readers = partOf(of) === 'shared' ? (shown.participants ?? []).filter((one) => one.admission === 'confirmed').map((one) => one.organisation.name) : [];
  return (
    <p className="who-sees"><strong>{t('audience.who')}</strong> <Audience of={of} shown={shown} />
      {readers.length > 0 ? <span className="soft"> <span translate="no">{readers.slice(0, 6).join(' · ')}</span>{readers.length > 6 ? <> {t('audience.more', { count: readers.length - 6 })}</> : null}</span> : null}</p>
  );
}
