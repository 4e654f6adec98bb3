// Everything that happened and that is planned, newest first: what is ahead stands above the line that says "now".
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { timelineQuery, targetsQuery } from '../api/queries';
import type { Case, TimelineLine, Targets } from '../api/shapes';
import { useNow, useTimes } from '../hooks/clock';
import { Choice } from '../kit/field';
import { Empty, Read } from '../kit/states';
import { Away, When } from '../kit/when';
import { useWords, type Words } from '../i18n/words';
import { Audience, nameOf, partOf } from './audience';

interface Line { key: string; at: string; what: string; by?: string | undefined; compartment?: string | undefined; occurred?: string | undefined; isPlan: boolean; times: number; of: string[] }

const wordsOf = ({ t, has }: Words, type: string): string => { const key = `event.${type}`; return has(key) ? t(key) : type.replace(/([a-z])([A-Z])/g, '$1 $2'); };

export function linesOf(words: Words, items: readonly TimelineLine[], shown: Case, targets: Targets | undefined): Line[] {
  const { t } = words;
  const lines: Line[] = [];
  for (const item of items) {
    const before = lines.at(-1);
    const what = wordsOf(words, item.type);
    const isSame = before && before.at === item.recorded && before.what === what && before.by === item.by?.name;
    const one = partOf(item.compartment) === 'org' ? nameOf(item.compartment, shown) : undefined;
    if (isSame && before.compartment === item.compartment) before.times += 1;
    else if (isSame && one && before.of.length > 0) before.of.push(one);   // the same done for many: one line, which names them
    else lines.push({ key: `${item.entry} ${item.type} ${lines.length}`, at: item.recorded, what, by: item.by?.name, compartment: item.compartment, occurred: item.occurred, isPlan: false, times: 1, of: one ? [one] : [] });
  }
  const plans = new Map<string, Line>();
  const plan = (key: string, at: string, what: string, by?: string) => {
    const same = plans.get(`${at} ${what}`);
    if (same) { if (by) same.of.push(by); return; }
    const line: Line = { key, at, what, isPlan: true, times: 1, of: by ? [by] : [] };
    plans.set(`${at} ${what}`, line);
    lines.push(line);
  };
  const { embargo } = shown;
  if (embargo.until && (embargo.state === 'active' || embargo.state === 'revise')) plan('embargo', embargo.until, t('plan.embargo'));
  for (const terms of embargo.terms) if (terms.state === 'open') { plan(`terms ${terms.version}`, terms.until, t('plan.terms', { version: terms.version })); plan(`answer ${terms.version}`, terms.respond_by, t('plan.answer', { version: terms.version })); }
  for (const release of shown.releases ?? []) if (release.state === 'planned') plan(release.id, release.instant, t('plan.release'));
  for (const target of targets?.items ?? []) if (target.state === 'open' || target.state === 'due' || target.state === 'overdue') plan(target.id, target.by, t(`target.${target.step}`), target.organisation?.name);
  for (const one of shown.planned_invitations ?? []) plan(`invite ${one.organisation.id}`, one.when, t('plan.invitation'), one.organisation.name);
  for (const one of shown.participants ?? []) if (one.admission === 'invited' && one.respond_by) plan(`respond ${one.organisation.id}`, one.respond_by, t('plan.respond'), one.organisation.name);
  return lines.sort((a, b) => b.at.localeCompare(a.at));
}

export function CaseTimeline({ id, shown }: { id: string; shown: Case }) {
  const words = useWords();
  const { t } = words;
  const now = useNow();
  const { day, hour, write } = useTimes();
  const [part, setPart] = useState<'' | 'plans' | 'coordination' | 'shared' | 'org' | 'report' | 'group'>('');
  const query = useQuery(timelineQuery(id));
  const { data: targets } = useQuery(targetsQuery(id));
  const lines = useMemo(() => linesOf(words, query.data?.items ?? [], shown, targets), [words, query.data, shown, targets]);
  const wanted = lines.filter((line) => part === '' || (part === 'plans' ? line.isPlan : line.compartment !== undefined && partOf(line.compartment) === part));
  const days: { day: string; isAhead: boolean; lines: Line[] }[] = [];
  for (const line of wanted) {
    const name = day(line.at);
    const isAhead = Date.parse(line.at) > now;
    const last = days.at(-1);
    if (last && last.day === name && last.isAhead === isAhead) last.lines.push(line);
    else days.push({ day: name, isAhead, lines: [line] });
  }
  const firstPast = days.findIndex((one) => !one.isAhead);
  return (
    <>
      <div className="filters"><Choice label={t('timeline.part')} value={part} onChange={setPart} options={[['', t('timeline.all')], ['plans', t('timeline.plans')], ['shared', t('audience.shared')], ['coordination', t('audience.coordination')], ['org', t('audience.org')], ['report', t('audience.report')], ['group', t('audience.group')]]} /></div>
      <Read query={query} rows={10}>{() => (
        <div className="timeline">
          {wanted.length === 0 ? <Empty title={t('timeline.none')} /> : null}
          {days.map((one, index) => (
            <div key={`${one.day} ${one.isAhead}`}>
              {index === firstPast ? <p className="now"><span>{t('timeline.now')} <When at={new Date(now).toISOString()} both /></span></p> : null}
              <h2 data-ahead={one.isAhead || undefined} translate="no">{one.day}</h2>
              <ol>
                {one.lines.map((line) => (
                  <li key={line.key} data-plan={line.isPlan || undefined} data-part={line.compartment ? partOf(line.compartment) : undefined}>
                    <time dateTime={line.at} title={`${write(line.at).local} ${write(line.at).zone}`} translate="no">{hour(line.at)}</time>
                    <span className="mark" aria-hidden="true" />
                    <div><span className="what">{line.what}</span>{line.times > 1 ? <span className="soft"> {t('timeline.times', { count: line.times })}</span> : null}{line.by ? <span className="soft" translate="no"> {line.by}</span> : null}
                      {line.isPlan && line.of.length === 1 ? <span translate="no"> {line.of[0]}</span> : null}
                      {line.isPlan ? <span className="soft"> {one.isAhead ? '' : `${t('timeline.overdue')} `}<Away at={line.at} /></span> : null}
                      {line.compartment && line.of.length < 2 ? <> <Audience of={line.compartment} shown={shown} /></> : null}
                      {line.of.length > 1 ? <details><summary>{t('timeline.of', { count: line.of.length })}</summary><p translate="no">{[...line.of].sort((a, b) => a.localeCompare(b, undefined, { numeric: true })).join(' · ')}</p></details> : null}
                      {line.occurred && line.occurred !== line.at ? <span className="soft block">{t('timeline.occurred')} <When at={line.occurred} /></span> : null}</div>
                  </li>
                ))}
              </ol>
            </div>
          ))}
          <p className="soft">{t('timeline.utc')}</p>
        </div>
      )}</Read>
    </>
  );
}
