// All cases of the viewer, most urgent first; narrowed in the address.
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { casesQuery } from '../api/queries';
import type { CaseCard } from '../api/shapes';
import { Button } from '../kit/button';
import { Choice, Field } from '../kit/field';
import { Empty, Read } from '../kit/states';
import { useWords } from '../i18n/words';
import { CaseRow } from './case_rows';
import { Page } from './page';

export interface CasesAsked { words?: string | undefined; embargo?: CaseCard['embargo'] | undefined; only?: 'unread' | 'invited' | undefined; by?: 'changed' | 'until' | undefined }

export function narrowed(cards: readonly CaseCard[], { words, embargo, only, by }: CasesAsked): CaseCard[] {
  const wanted = (words ?? '').toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = cards.filter((card) => (!embargo || card.embargo === embargo) && (only !== 'unread' || (card.unread ?? 0) > 0) && (only !== 'invited' || card.stub)
    && wanted.every((word) => (card.title ?? '').toLocaleLowerCase().includes(word) || card.id === word));
  if (by === 'changed') found.sort((a, b) => b.changed.localeCompare(a.changed));
  if (by === 'until') found.sort((a, b) => (a.embargo_until ?? '9').localeCompare(b.embargo_until ?? '9'));
  return found;
}

const route = getRouteApi('/cases');

export function CasesPage() {
  const { t } = useWords();
  const asked = route.useSearch();
  const go = route.useNavigate();
  const query = useInfiniteQuery(casesQuery);
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const cards = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const narrow = (change: CasesAsked) => { void go({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false }); };
  const isNarrowed = Object.keys(asked).length > 0;

  // A filter looks at all of them, up to a thousand: what isn't loaded yet is fetched while one is set.
  useEffect(() => { if (isNarrowed && hasNextPage && !isFetchingNextPage && cards.length < 1000) void fetchNextPage(); }, [isNarrowed, hasNextPage, isFetchingNextPage, cards.length, fetchNextPage]);

  return (
    <Page title={t('nav.cases')}>
      <form className="filters" role="search" aria-label={t('cases.narrow')} onSubmit={(event) => event.preventDefault()}>
        <Field label={t('cases.words')} type="search" value={asked.words ?? ''} onChange={(words) => narrow({ words: words || undefined })} />
        <Choice label={t('cases.embargo')} value={asked.embargo ?? ''} onChange={(embargo) => narrow({ embargo: embargo || undefined })}
          options={[['', t('cases.any')], ['none', t('embargo.none')], ['proposed', t('embargo.proposed')], ['active', t('embargo.active')], ['revise', t('embargo.revise')], ['exited', t('embargo.exited')]]} />
        <Choice label={t('cases.only')} value={asked.only ?? ''} onChange={(only) => narrow({ only: only || undefined })} options={[['', t('cases.all')], ['unread', t('cases.only.unread')], ['invited', t('cases.only.invited')]]} />
        <Choice label={t('cases.order')} value={asked.by ?? ''} onChange={(by) => narrow({ by: by || undefined })} options={[['', t('cases.by.urgency')], ['until', t('cases.by.until')], ['changed', t('cases.by.changed')]]} />
      </form>
      <Read query={query}>{() => {
        const shown = narrowed(cards, asked);
        return (
          <>
            <p className="soft" role="status">{hasNextPage ? t('cases.shown_more', { shown: shown.length, loaded: cards.length }) : t('cases.shown', { shown: shown.length, all: cards.length })}</p>
            {shown.length > 0 ? <ul className="rows">{shown.map((card) => <CaseRow key={card.id} card={card} />)}</ul>
              : cards.length === 0 ? <Empty title={t('cases.none')}>{t('cases.none.what')}</Empty>
              : <div className="empty"><p className="what">{t('cases.no_match')}</p><Button onPress={() => { void go({ search: {} }); }}>{t('cases.clear')}</Button></div>}
            {hasNextPage ? <p><Button onPress={() => { void fetchNextPage(); }} isPending={isFetchingNextPage}>{t('cases.more')}</Button></p> : null}
          </>
        );
      }}</Read>
    </Page>
  );
}
