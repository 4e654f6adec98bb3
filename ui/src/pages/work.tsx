// What needs me now: by the clock, and at the same hour by the cases' risk. Made from lists alone: a case is opened, and that put on record, by a person.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { casesQuery, dutiesQuery } from '../api/queries';
import type { CaseCard, Duty } from '../api/shapes';
import { useNow } from '../hooks/clock';
import { Badge, type Tone } from '../kit/badge';
import { Empty, Failed, Read } from '../kit/states';
import { Away, When } from '../kit/when';
import type { Problem } from '../api/client';
import { useWords, type Key } from '../i18n/words';
import { Page } from './page';

export type Kind = 'answer' | 'clock' | 'law' | 'unread';
export interface WorkAsked { only?: Kind | undefined }
export interface Task { id: string; kind: Kind; case: string; title: string | undefined; why: Key; count?: number; says?: string; by?: string; at: number | undefined; risk: number; late: boolean }

const day = 86_400_000;

export function tasksOf(cards: readonly CaseCard[], duties: readonly Duty[], now: number): Task[] {
  const tasks: Task[] = [];
  const risk = new Map(cards.map((card, at) => [card.id, at]));
  for (const duty of duties) {
    const due = duty.due_at ?? duty.due ?? undefined;
    const at = due ? Date.parse(due) : NaN;
    tasks.push({ id: `${duty.case} ${duty.rule} ${duty.to ?? ''}`, kind: 'law', case: duty.case, title: duty.title, why: 'work.law', says: duty.says, by: duty.citation, at: Number.isNaN(at) ? undefined : at, risk: risk.get(duty.case) ?? cards.length, late: duty.state === 'missed' });
  }
  cards.forEach((card, index) => {
    const one = { case: card.id, title: card.title, risk: index, late: false };
    const until = card.embargo_until ? Date.parse(card.embargo_until) : undefined;
    if (card.stub) tasks.push({ ...one, id: `${card.id} invitation`, kind: 'answer', why: 'work.invitation', at: undefined });
    else if (card.embargo === 'proposed') tasks.push({ ...one, id: `${card.id} terms`, kind: 'answer', why: 'work.terms', at: undefined });
    else if (card.embargo === 'revise') tasks.push({ ...one, id: `${card.id} terms`, kind: 'answer', why: 'work.revision', at: undefined });
    if ((card.embargo === 'active' || card.embargo === 'revise') && until !== undefined && until < now + 14 * day) tasks.push({ ...one, id: `${card.id} until`, kind: 'clock', why: 'work.until', at: until, late: until < now });
    if (card.unread) tasks.push({ ...one, id: `${card.id} unread`, kind: 'unread', why: 'work.unread', count: card.unread, at: undefined });
  });
  return tasks.sort((a, b) => Number(b.late) - Number(a.late) || (a.at ?? Infinity) - (b.at ?? Infinity) || a.risk - b.risk);
}

const groups: readonly { key: Key; tone: Tone; has: (task: Task, now: number) => boolean }[] = [
  { key: 'work.late', tone: 'alarm', has: (task) => task.late },
  { key: 'work.soon', tone: 'waiting', has: (task, now) => task.at !== undefined && task.at < now + 3 * day },
  { key: 'work.later', tone: 'held', has: (task) => task.at !== undefined },
  { key: 'work.answers', tone: 'waiting', has: (task) => task.kind === 'answer' },
  { key: 'work.news', tone: 'quiet', has: () => true },
];

function TaskRow({ task }: { task: Task }) {
  const { t } = useWords();
  const at = task.at === undefined ? undefined : new Date(task.at).toISOString();
  return (
    <li className="row" data-late={task.late || undefined}>
      <Link to="/cases/$case/$part" params={{ case: task.case, part: task.kind === 'unread' ? 'talk' : 'overview' }} data-row="" className="row-link">{task.title ? <span translate="no">{task.title}</span> : t('cases.stub')}</Link>
      <div className="row-facts">
        <span className="row-why">{t(task.why, { count: task.count ?? 0 })}</span>
        {task.says ? <span translate="no">{task.says}</span> : null}
        {task.by ? <cite translate="no">{task.by}</cite> : null}
        {at ? <span><When at={at} /> · <strong><Away at={at} /></strong></span> : null}
      </div>
    </li>
  );
}

const route = getRouteApi('/');

export function WorkPage() {
  const { t } = useWords();
  const now = useNow();
  const { only } = route.useSearch();
  const cases = useInfiniteQuery(casesQuery);
  const duties = useQuery(dutiesQuery);
  const cards = useMemo(() => cases.data?.pages.flatMap((page) => page.items) ?? [], [cases.data]);
  const tasks = useMemo(() => tasksOf(cards, duties.data?.items ?? [], now), [cards, duties.data, now]);
  const shown = tasks.filter((task) => !only || task.kind === only);
  const left = new Set(shown);
  const kinds: readonly (readonly [Kind | undefined, Key])[] = [[undefined, 'work.all'], ['law', 'work.kind.law'], ['clock', 'work.kind.clock'], ['answer', 'work.kind.answer'], ['unread', 'work.kind.unread']];
  return (
    <Page title={t('nav.work')}>
      <nav className="tabs" aria-label={t('work.narrow')}>
        {kinds.map(([kind, key]) => (
          <Link key={key} to="/" search={kind ? { only: kind } : {}} replace resetScroll={false} aria-current={only === kind ? 'true' : undefined}>
            {t(key)} <span className="count">{tasks.filter((task) => !kind || task.kind === kind).length}</span>
          </Link>
        ))}
      </nav>
      {duties.error ? <Failed problem={duties.error as Problem} again={() => { void duties.refetch(); }} /> : null}
      {duties.data && !duties.data.complete ? <p className="soft">{t('work.law.partly', { asked: duties.data.clocked, all: duties.data.of })}</p> : null}
      <Read query={cases}>{() => (
        <>
          {shown.length === 0 && !duties.isPending ? <Empty title={t('work.none')}>{cards.length === 0 ? t('cases.none.what') : t('work.none.what')}</Empty> : null}
          {groups.map(({ key, tone, has }) => {
            const of = [...left].filter((task) => has(task, now));
            for (const task of of) left.delete(task);
            if (of.length === 0) return null;
            return <section key={key} aria-labelledby={key} className="group"><h2 id={key}><Badge tone={tone}>{t(key)}</Badge></h2><ul className="rows">{of.map((task) => <TaskRow key={task.id} task={task} />)}</ul></section>;
          })}
          {cases.hasNextPage ? <p className="soft">{t('work.first', { count: cards.length })} <Link to="/cases">{t('nav.cases')}</Link></p> : null}
        </>
      )}</Read>
      {duties.data && duties.data.items.length > 0 ? <p className="soft">{t('law.note')}</p> : null}
    </Page>
  );
}
