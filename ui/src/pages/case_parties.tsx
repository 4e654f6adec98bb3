// The matrix of participants × products. Only the rows in sight are in the page, so that 150 vendors are as quick as five.
import { getRouteApi } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Case } from '../api/shapes';
import { Badge } from '../kit/badge';
import { Choice, Field } from '../kit/field';
import { Empty } from '../kit/states';
import { Away, When } from '../kit/when';
import { useWords } from '../i18n/words';
import { partyRows, type PartyRow } from './party_rows';
import { kSteps, saidOfAdmission, saidOfConsent, saidOfStatus } from './said';

const route = getRouteApi('/cases/$case/$part');

function FixSteps({ row }: { row: PartyRow }) {
  const { t } = useWords();
  if (!row.fixStep && row.status !== 'affected' && row.status !== 'fixed') return <span className="soft">{t('matrix.no_fix')}</span>;
  const reached = kSteps.findIndex((step) => step === row.fixStep);
  return (
    <span className="fix">
      <svg viewBox="0 0 60 12" aria-hidden="true" className="fix-bar">{kSteps.map((step, i) => <rect key={step} x={i * 12 + 1} y="2" width="10" height="8" rx="1.5" data-on={i <= reached || undefined} />)}</svg>
      <span>{reached < 0 ? t('matrix.not_begun') : t(`remedy.${kSteps[reached] ?? 'identified'}`)}</span>
      {row.fixedIn ? <span translate="no">{row.fixedIn}</span> : null}
      {row.blocked ? <span data-tone="alarm" className="toned">{t('matrix.blocked')} <span translate="no">{row.blocked}</span></span> : null}
    </span>
  );
}

function Cells({ row }: { row: PartyRow }) {
  const { t } = useWords();
  const { party } = row;
  const admission = saidOfAdmission[party.admission];
  const status = row.status ? saidOfStatus[row.status] : undefined;
  return (
    <>
      <div role="rowheader" className="cell-name">
        <strong translate="no" className={row.isFirst ? '' : 'again'}>{party.organisation.name}</strong>
        {row.isFirst ? <span className="row-facts"><Badge tone={admission.tone}>{t(admission.key)}</Badge><span className="soft">{party.roles.map((role) => t(`role.${role}`)).join(', ')}</span></span> : null}
      </div>
      <div role="cell" data-label={t('matrix.product')}>{row.product ? <span translate="no">{row.product.name} {row.product.version}</span> : <span className="soft">{t('matrix.no_product')}</span>}</div>
      <div role="cell" data-label={t('matrix.status')}><span>{status ? <Badge tone={status.tone}>{t(status.key)}</Badge> : <span className="soft">{t('matrix.not_asked')}</span>}{row.since && row.status !== 'asked' ? <span className="soft"> <Away at={row.since} /></span> : null}</span></div>
      <div role="cell" data-label={t('matrix.fix')}><FixSteps row={row} /></div>
      <div role="cell" data-label={t('matrix.silent')}>{row.silentSince ? <span className="toned" data-tone="waiting"><Away at={row.silentSince} />{row.answerBy ? <span className="block">{t('matrix.answer_by')} <When at={row.answerBy} /></span> : null}</span> : <span className="soft">{t('matrix.not_silent')}</span>}</div>
      <div role="cell" data-label={t('matrix.terms')}><span>{!row.isFirst ? null : row.consent ? <Badge tone={saidOfConsent[row.consent].tone}>{t(saidOfConsent[row.consent].key)}</Badge> : <span className="soft">{t('matrix.not_asked')}</span>}</span></div>
    </>
  );
}

export function CaseParties({ shown }: { id: string; shown: Case }) {
  const { t } = useWords();
  const asked = route.useSearch();
  const go = route.useNavigate();
  const vulnerabilities = shown.vulnerabilities ?? [];
  const rows = useMemo(() => partyRows(shown, asked.vulnerability), [shown, asked.vulnerability]);
  const words = (asked.words ?? '').toLocaleLowerCase();
  const wanted = useMemo(() => rows.filter((row) => (!asked.show || row.kind === asked.show) && (!words || `${row.party.organisation.name} ${row.product?.name ?? ''}`.toLocaleLowerCase().includes(words))), [rows, asked.show, words]);
  const table = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => { setTop((table.current?.getBoundingClientRect().top ?? 0) + window.scrollY); }, [wanted.length]);
  const list = useWindowVirtualizer({ count: wanted.length, estimateSize: () => (innerWidth < 900 ? 230 : 64), overscan: 8, scrollMargin: top, getItemKey: (i) => wanted[i]?.key ?? i });
  const narrow = (change: Partial<typeof asked>) => { void go({ search: (before: typeof asked) => ({ ...before, ...change }), replace: true, resetScroll: false }); };
  const count = (kind: PartyRow['kind']) => rows.filter((row) => row.kind === kind).length;
  return (
    <>
      <div className="filters">
        <Field label={t('matrix.words')} type="search" value={asked.words ?? ''} onChange={(value) => narrow({ words: value || undefined })} />
        <Choice label={t('matrix.show')} value={asked.show ?? ''} onChange={(show) => narrow({ show: show || undefined })} options={[['', t('matrix.show.all', { count: rows.length })], ['silent', t('matrix.show.silent', { count: count('silent') })], ['open', t('matrix.show.open', { count: count('open') })], ['done', t('matrix.show.done', { count: count('done') })]]} />
        {vulnerabilities.length > 1 ? <Choice label={t('matrix.vulnerability')} value={asked.vulnerability ?? ''} onChange={(one) => narrow({ vulnerability: one || undefined })} options={[['', t('matrix.vulnerability.all')], ...vulnerabilities.map((one) => [one.id, one.identifier ?? one.title] as const)]} /> : null}
      </div>
      <p className="soft" role="status">{t('matrix.shown', { shown: wanted.length, all: rows.length })}</p>
      {wanted.length === 0 ? <Empty title={rows.length === 0 ? t('matrix.none') : t('matrix.no_match')} /> : (
        <div role="table" aria-label={t('matrix.label')} aria-rowcount={wanted.length + 1} className="matrix">
          <div role="rowgroup"><div role="row" aria-rowindex={1} className="matrix-head">{(['matrix.party', 'matrix.product', 'matrix.status', 'matrix.fix', 'matrix.silent', 'matrix.terms'] as const).map((key) => <div role="columnheader" key={key}>{t(key)}</div>)}</div></div>
          <div role="rowgroup" ref={table} className="matrix-rows" style={{ height: list.getTotalSize() }}>
            {list.getVirtualItems().map((item) => {
              const row = wanted[item.index];
              return row ? <div role="row" key={item.key} ref={list.measureElement} data-index={item.index} aria-rowindex={item.index + 2} tabIndex={0} data-row="" data-first={row.isFirst || undefined} className="matrix-row" style={{ transform: `translateY(${item.start - list.options.scrollMargin}px)` }}><Cells row={row} /></div> : null;
            })}
          </div>
        </div>
      )}
    </>
  );
}
