// Cases as a list: what it is, how it stands, what is new. One line each where there is room, a card where there is none.
import { Link } from '@tanstack/react-router';
import type { CaseCard } from '../api/shapes';
import { Badge, Count } from '../kit/badge';
import { Away, When } from '../kit/when';
import { useWords } from '../i18n/words';
import { saidOfEmbargo } from './said';

export function CaseRow({ card, why }: { card: CaseCard; why?: string }) {
  const { t } = useWords();
  const embargo = saidOfEmbargo[card.embargo];
  const holds = card.embargo === 'active' || card.embargo === 'revise';
  return (
    <li className="row">
      <Link to="/cases/$case/$part" params={{ case: card.id, part: 'overview' }} data-row="" className="row-link">{card.title ? <span translate="no">{card.title}</span> : t('cases.stub')}</Link>
      <div className="row-facts">
        {why ? <span className="row-why">{why}</span> : null}
        {card.unread ? <Count>{t('cases.unread', { count: card.unread })}</Count> : null}
        <Badge tone={embargo.tone}>{t(embargo.key)}</Badge>
        {card.embargo_until && card.embargo !== 'exited' ? <span>{holds ? t('cases.until') : t('cases.proposed_until')} <When at={card.embargo_until} /> · <Away at={card.embargo_until} /></span> : null}
        <span className="soft">{t('cases.changed')} <Away at={card.changed} /></span>
      </div>
    </li>
  );
}
