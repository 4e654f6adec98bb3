// How a case stands, as a picture: the way of the embargo, the way of the own report, and the six facts of a vulnerability. Words stand beside every mark.
import type { Case, Vulnerability } from '../api/shapes';
import { Icon, type Tone } from '../kit/badge';
import { useWords, type Key } from '../i18n/words';

function Way({ label, stations, at }: { label: string; stations: readonly (readonly [string, Key])[]; at: string }) {
  const { t } = useWords();
  const here = stations.findIndex(([name]) => name === at);
  return (
    <div className="way">
      <h3>{label}</h3>
      <ol>{stations.map(([name, key], i) => <li key={name} data-at={i < here ? 'past' : i === here ? 'here' : 'ahead'} {...(i === here ? { 'aria-current': 'step' as const } : {})}><span className="dot" aria-hidden="true" />{t(key)}</li>)}</ol>
    </div>
  );
}

const facts: readonly { letter: string; is: Key; isNot: Key; whenIs: Tone; whenNot: Tone }[] = [
  { letter: 'V', is: 'fact.V', isNot: 'fact.v', whenIs: 'good', whenNot: 'waiting' },
  { letter: 'F', is: 'fact.F', isNot: 'fact.f', whenIs: 'good', whenNot: 'waiting' },
  { letter: 'D', is: 'fact.D', isNot: 'fact.d', whenIs: 'good', whenNot: 'waiting' },
  { letter: 'P', is: 'fact.P', isNot: 'fact.p', whenIs: 'alarm', whenNot: 'quiet' },
  { letter: 'X', is: 'fact.X', isNot: 'fact.x', whenIs: 'alarm', whenNot: 'quiet' },
  { letter: 'A', is: 'fact.A', isNot: 'fact.a', whenIs: 'alarm', whenNot: 'quiet' },
];

// V, F and D are a product's: without one there is nothing to say of them. How many of the products have each fact: with many vendors, "3 of 12 have a fix" says more than twelve rows.
export function Facts({ vulnerability }: { vulnerability: Vulnerability }) {
  const { t } = useWords();
  const { states } = vulnerability;
  return (
    <ul className="facts">
      {facts.filter((fact) => states.length > 0 || 'PXA'.includes(fact.letter)).map((fact) => {
        const having = states.filter((state) => state.letters.includes(fact.letter)).length;
        const world = vulnerability.facts[fact.letter as 'P' | 'X' | 'A'] !== undefined;
        const is = world || (states.length > 0 && having === states.length);
        const partly = !is && having > 0;
        const tone = is ? fact.whenIs : partly ? 'waiting' : fact.whenNot;
        return <li key={fact.letter} data-tone={tone}><Icon tone={tone} /><span>{t(is ? fact.is : partly ? fact.is : fact.isNot)}{partly ? <> <span className="soft">{t('fact.partly', { having, all: states.length })}</span></> : null}</span></li>;
      })}
    </ul>
  );
}

export function Picture({ shown }: { shown: Case }) {
  const { t } = useWords();
  const { state } = shown.embargo;
  return (
    <div className="picture">
      <Way label={t('case.embargo')} at={state} stations={[['none', 'embargo.none'], ['proposed', 'embargo.proposed'], ['active', 'embargo.active'], ['revise', 'embargo.revise'], ['exited', 'embargo.exited']]} />
      {shown.me?.report ? <Way label={t('case.report')} at={shown.me.report === 'invalid' || shown.me.report === 'deferred' ? 'valid' : shown.me.report} stations={[['received', 'report.received'], shown.me.report === 'invalid' ? ['valid', 'report.invalid'] : shown.me.report === 'deferred' ? ['valid', 'report.deferred'] : ['valid', 'report.valid'], ['accepted', 'report.accepted'], ['closed', 'report.closed']]} /> : null}
    </div>
  );
}
