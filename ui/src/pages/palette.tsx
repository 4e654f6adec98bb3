// The palette: every place and act, and everything that I may see, by typing.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { Autocomplete, Header, Input, Label, Menu, MenuItem, MenuSection, SearchField } from 'react-aria-components';
import { casesQuery, searchQuery } from '../api/queries';
import { prefer, preferences } from '../hooks/preferences';
import { useWords, type Key } from '../i18n/words';

interface Entry { id: string; words: string; beside?: string; kind?: Key; data?: boolean; run: () => void }

function useSettled(value: string): string {
  const [settled, set] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set(value), 120);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

const kindOf: Record<string, Key> = { case: 'found.case', vulnerability: 'found.vulnerability', product: 'found.product', tracking_id: 'found.tracking_id', thread: 'found.thread', message: 'found.message', report: 'found.report' };

export default function Palette({ close, show }: { close: () => void; show: (what: 'help' | 'settings') => void }) {
  const { t } = useWords();
  const router = useRouter();
  const [typed, setTyped] = useState('');
  const asked = useSettled(typed.trim());
  const cases = useInfiniteQuery(casesQuery);
  const found = useQuery(searchQuery(asked));

  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const fits = (text: string) => words.every((word) => text.toLocaleLowerCase().includes(word));
  const acts = useMemo<Entry[]>(() => [
    { id: 'work', words: t('nav.work'), run: () => { void router.navigate({ to: '/' }); } },
    { id: 'cases', words: t('nav.cases'), run: () => { void router.navigate({ to: '/cases' }); } },
    { id: 'unread', words: t('palette.unread'), run: () => { void router.navigate({ to: '/cases', search: { only: 'unread' } }); } },
    { id: 'until', words: t('palette.until'), run: () => { void router.navigate({ to: '/cases', search: { by: 'until' } }); } },
    { id: 'theme', words: t('palette.theme'), run: () => { const dark = matchMedia('(prefers-color-scheme: dark)').matches; const { theme } = preferences(); prefer({ theme: (theme === 'system' ? dark : theme === 'dark') ? 'light' : 'dark' }); } },
    { id: 'density', words: t('palette.density'), run: () => prefer({ density: preferences().density === 'compact' ? 'comfortable' : 'compact' }) },
    { id: 'settings', words: t('settings.open'), run: () => show('settings') },
    { id: 'help', words: t('help.open'), run: () => show('help') },
    { id: 'open', words: t('palette.plain'), run: () => { location.assign('/cases'); } },
    { id: 'report', words: t('palette.report'), run: () => { location.assign('/report'); } },
  ], [t, router, show]);

  const mine: Entry[] = (cases.data?.pages.flatMap((page) => page.items) ?? []).filter((card) => card.title).map((card) => ({
    id: card.id, words: card.title ?? '', data: true, run: () => { void router.navigate({ to: '/cases/$case/$part', params: { case: card.id, part: 'overview' } }); },
  }));
  const hits: Entry[] = asked.length >= 2 ? (found.data?.items ?? []).filter((hit) => hit.kind !== 'case').map((hit, at) => ({
    id: `${hit.case} ${hit.kind} ${hit.id ?? at}`, words: hit.text.slice(0, 140), kind: kindOf[hit.kind] ?? 'found.case', beside: hit.title ?? '', data: true,
    run: () => { void router.navigate({ to: '/cases/$case/$part', params: { case: hit.case, part: hit.thread ? 'talk' : 'overview' }, search: hit.thread ? { thread: hit.thread } : {} }); },
  })) : [];
  const sections: readonly { key: Key; entries: Entry[] }[] = [
    { key: 'nav.cases', entries: mine.filter((entry) => fits(entry.words)).slice(0, words.length ? 8 : 5) },
    { key: 'palette.found', entries: hits },
    { key: 'palette.acts', entries: acts.filter((entry) => fits(entry.words)) },
  ];
  const all = sections.flatMap((section) => section.entries);
  return (
    <Autocomplete inputValue={typed} onInputChange={setTyped}>
      <SearchField className="palette-field" autoFocus><Label className="hidden">{t('palette.label')}</Label><Input placeholder={t('palette.placeholder')} /></SearchField>
      <Menu aria-label={t('palette.results')} className="palette-list" onAction={(id) => { const entry = all.find((one) => one.id === id); close(); entry?.run(); }}
        renderEmptyState={() => <p className="palette-none">{found.isFetching ? t('state.loading') : t('palette.none')}</p>}>
        {sections.filter((section) => section.entries.length > 0).map((section) => (
          <MenuSection key={section.key}>
            <Header>{t(section.key)}</Header>
            {section.entries.map((entry) => (
              <MenuItem key={entry.id} id={entry.id} textValue={entry.beside ? `${entry.words} ${entry.beside}` : entry.words}>
                <span {...(entry.data ? { translate: 'no' as const } : {})}>{entry.words}</span>
                {entry.beside ? <span className="soft">{entry.kind ? t(entry.kind) : null} · <span translate="no">{entry.beside}</span></span> : null}
              </MenuItem>
            ))}
          </MenuSection>
        ))}
      </Menu>
    </Autocomplete>
  );
}
