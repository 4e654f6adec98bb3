// One case: what it is and how it stands stays on top, below it the part that the address names.
import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { caseQuery, unreadQuery } from '../api/queries';
import type { Case } from '../api/shapes';
import type { CasePart } from '../router';
import { Badge, Count } from '../kit/badge';
import { Read } from '../kit/states';
import { Away, When } from '../kit/when';
import { useWords, type Key } from '../i18n/words';
import { CaseOverview } from './case_overview';
import { CaseParties } from './case_parties';
import { CaseTalk } from './case_talk';
import { CaseTimeline } from './case_timeline';
import { Page } from './page';
import { saidOfEmbargo, saidOfReport } from './said';

const route = getRouteApi('/cases/$case/$part');
const parts: readonly (readonly [CasePart, Key])[] = [['overview', 'case.overview'], ['timeline', 'case.timeline'], ['parties', 'case.parties'], ['talk', 'case.talk']];

function Head({ shown }: { shown: Case }) {
  const { t } = useWords();
  const embargo = saidOfEmbargo[shown.embargo.state];
  const holds = shown.embargo.state === 'active' || shown.embargo.state === 'revise';
  const report = shown.me?.report ? saidOfReport[shown.me.report] : undefined;
  return (
    <div className="case-head">
      <Badge tone={embargo.tone}>{t(embargo.key)}</Badge>
      {shown.embargo.until && shown.embargo.state !== 'exited' ? <span>{holds ? t('cases.until') : t('cases.proposed_until')} <strong><When at={shown.embargo.until} both /></strong> · <strong><Away at={shown.embargo.until} /></strong></span> : null}
      {shown.embargo.ended_at ? <span>{t('case.ended')} <When at={shown.embargo.ended_at} />{shown.embargo.end_reason ? <>: <span translate="no">{shown.embargo.end_reason}</span></> : null}</span> : null}
      {report ? <Badge tone={report.tone}>{t('case.my_report', { state: t(report.key) })}</Badge> : null}
      <span className="soft">{t('case.owner')} <span translate="no">{shown.owner.name}</span></span>
    </div>
  );
}

export function CasePage() {
  const { t } = useWords();
  const { case: id, part } = route.useParams();
  const whole = useQuery(caseQuery(id));
  const unread = useQuery({ ...unreadQuery(id), enabled: whole.data !== undefined && !whole.data.stub });
  const above = <p className="trail"><Link to="/cases">{t('nav.cases')}</Link></p>;
  if (whole.data === undefined) return <Page title={t('case.one')} above={above}><Read query={whole} rows={9}>{() => null}</Read></Page>;
  const shown = whole.data;
  if (shown.stub) {
    return (
      <Page title={shown.title ?? t('cases.stub')} above={above}>
        <Head shown={shown} />
        <div className="notice" data-tone="waiting">
          <p className="what">{t('case.invited', { owner: shown.owner.name })}</p>
          {shown.me?.essential_because ? <p translate="no">{shown.me.essential_because}</p> : null}
          {shown.me?.respond_by ? <p>{t('case.respond_by')} <When at={shown.me.respond_by} both /> · <strong><Away at={shown.me.respond_by} /></strong></p> : null}
          <p><a href={`/cases/${id}`} className="button" data-kind="main">{t('case.answer')}</a></p>
        </div>
      </Page>
    );
  }
  const news = unread.data?.threads.reduce((sum, one) => sum + one.messages, 0) ?? 0;
  return (
    <Page title={shown.title ?? t('case.one')} data above={above} beside={<a href={`/cases/${id}`} className="button" data-kind="second">{t('case.plain')}</a>}>
      <Head shown={shown} />
      <nav className="tabs" aria-label={t('case.parts')}>
        {parts.map(([name, key]) => <Link key={name} to="/cases/$case/$part" params={{ case: id, part: name }} aria-current={part === name ? 'page' : undefined} resetScroll={false}>{t(key)} {name === 'talk' && news > 0 ? <Count>{t('cases.unread', { count: news })}</Count> : null}</Link>)}
      </nav>
      {part === 'timeline' ? <CaseTimeline id={id} shown={shown} /> : part === 'parties' ? <CaseParties id={id} shown={shown} /> : part === 'talk' ? <CaseTalk id={id} shown={shown} unread={unread.data} /> : <CaseOverview id={id} shown={shown} />}
    </Page>
  );
}
