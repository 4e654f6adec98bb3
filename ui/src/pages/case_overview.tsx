// What it is about, how it stands, what can be done next and why the rest can't.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { stepsQuery } from '../api/queries';
import type { Case, Step } from '../api/shapes';
import { Badge } from '../kit/badge';
import { Empty, Read } from '../kit/states';
import { Away, When } from '../kit/when';
import { useWords } from '../i18n/words';
import { Facts, Picture } from './case_picture';
import { saidOfAdmission } from './said';

type Act = Extract<Step, { do: string }>;
type Hint = Exclude<Step, Act>;
const isAct = (step: Step): step is Act => 'do' in step;

function Steps({ id }: { id: string }) {
  const { t, has } = useWords();
  const steps = useQuery(stepsQuery(id));
  const words = (name: string): string => { const key = `step.${name}`; return has(key) ? t(key) : name; };
  return (
    <Read query={steps} rows={4}>{({ items }) => {
      const acts = items.filter(isAct);
      const hints = [...new Set(items.filter((step): step is Hint => !isAct(step)).map((hint) => hint.suggestion))];
      return (
        <>
          {acts.some((act) => act.possible) ? <ul className="steps">{acts.filter((act) => act.possible).map((act) => <li key={act.do}><a href={`/cases/${id}`}>{words(act.do)}</a></li>)}</ul> : <p>{t('case.steps.none')}</p>}
          {hints.length > 0 ? <><h3>{t('case.hints')}</h3><ul>{hints.map((hint) => <li key={hint} translate="no" lang="en">{hint}</li>)}</ul></> : null}
          <details><summary>{t('case.steps.not')}</summary><dl className="why">{acts.filter((act) => !act.possible).map((act) => <div key={act.do}><dt>{words(act.do)}</dt><dd translate="no" lang="en">{act.reason}</dd></div>)}</dl></details>
        </>
      );
    }}</Read>
  );
}

export function CaseOverview({ id, shown }: { id: string; shown: Case }) {
  const { t } = useWords();
  const participants = shown.participants ?? [];
  const waiting = participants.filter((one) => one.admission === 'invited');
  const releases = (shown.releases ?? []).filter((release) => release.state !== 'released');
  return (
    <div className="columns">
      <div>
        {shown.summary ? <p className="lead" translate="no">{shown.summary}</p> : null}
        <section className="card" aria-labelledby="stands"><h2 id="stands">{t('case.stands')}</h2><Picture shown={shown} /></section>
        <section aria-labelledby="vulnerabilities"><h2 id="vulnerabilities">{t('case.vulnerabilities')}</h2>
          {(shown.vulnerabilities ?? []).length === 0 ? <Empty title={t('case.vulnerabilities.none')} /> : null}
          {(shown.vulnerabilities ?? []).map((one) => (
            <article key={one.id} className="card">
              <h3 translate="no">{one.title}</h3>
              <p className="row-facts">{one.identifier ? <code translate="no">{one.identifier}</code> : <span className="soft">{t('case.no_identifier')}</span>}{one.score ? <span>CVSS <strong translate="no">{one.score}</strong></span> : null}{one.cvss ? <code translate="no" className="soft">{one.cvss}</code> : null}{one.cwe ? <code translate="no">{one.cwe}</code> : null}</p>
              {one.description ? <p className="prose" translate="no">{one.description}</p> : null}
              <Facts vulnerability={one} />
            </article>
          ))}
        </section>
      </div>
      <div>
        <section className="card" aria-labelledby="next"><h2 id="next">{t('case.next')}</h2><Steps id={id} /></section>
        {releases.length > 0 ? <section className="card" aria-labelledby="releases"><h2 id="releases">{t('case.releases')}</h2><ul className="plain">{releases.map((release) => <li key={release.id}><Badge tone={release.state === 'held' ? 'held' : 'waiting'}>{t(release.state === 'held' ? 'release.held' : 'release.planned')}</Badge> <When at={release.instant} /> · <Away at={release.instant} />{release.held_because ? <p translate="no" lang="en">{release.held_because}</p> : null}{release.readiness && release.readiness.behind.length > 0 ? <p>{t('release.behind', { count: release.readiness.behind.length })}</p> : null}</li>)}</ul></section> : null}
        <section className="card" aria-labelledby="who"><h2 id="who">{t('case.parties')}</h2>
          <p>{t('case.parties.count', { count: participants.filter((one) => one.admission !== 'removed').length })}{waiting.length > 0 ? <> {t('case.parties.waiting', { count: waiting.length })}</> : null}</p>
          <ul className="plain">{[...participants].sort((a, b) => Number(b.admission === 'invited') - Number(a.admission === 'invited') || a.organisation.name.localeCompare(b.organisation.name, undefined, { numeric: true })).slice(0, 8).map((one) => <li key={one.organisation.id}><span translate="no">{one.organisation.name}</span> <Badge tone={saidOfAdmission[one.admission].tone}>{t(saidOfAdmission[one.admission].key)}</Badge></li>)}</ul>
          <p><Link to="/cases/$case/$part" params={{ case: id, part: 'parties' }}>{t('case.parties.all')}</Link></p>
        </section>
      </div>
    </div>
  );
}
