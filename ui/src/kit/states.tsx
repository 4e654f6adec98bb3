// What stands where content isn't: loading, nothing, an error.
import type { ReactNode } from 'react';
import type { Problem } from '../api/client';
import { useWords } from '../i18n/words';
import { Icon } from './badge';
import { Button } from './button';

// The shape of what comes, so that nothing jumps when it is there. Said once, quietly.
export function Loading({ rows = 6 }: { rows?: number }) {
  const { t } = useWords();
  return (
    <div className="loading" role="status">
      <span className="hidden">{t('state.loading')}</span>
      {Array.from({ length: rows }, (_, i) => <span key={i} className="bone" data-width={i % 3} aria-hidden="true" />)}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return <div className="empty"><p className="what">{title}</p>{children ? <p>{children}</p> : null}</div>;
}

// What happened, what to do, and the request's id for those who look after the site.
export function Failed({ problem, again }: { problem: Problem; again?: (() => void) | undefined }) {
  const { t } = useWords();
  const { title, what } = problem.status === 0 ? { title: t('error.unreachable'), what: t('error.unreachable.what') }
    : problem.status === 404 ? { title: t('error.hidden'), what: t('error.hidden.what') }
    : problem.status === 403 ? { title: t('error.forbidden'), what: undefined }
    : problem.status === 429 || problem.status === 503 ? { title: t('error.busy'), what: t('error.busy.what') }
    : { title: t('error.other'), what: undefined };
  return (
    <div className="failed" role="alert">
      <p className="what"><Icon tone="alarm" /> {title}</p>
      {what ? <p>{what}</p> : problem.detail ? <p translate="no">{problem.detail}</p> : null}
      {problem.errors.length > 0 ? <ul>{problem.errors.map((error) => <li key={error.pointer + error.message} translate="no">{error.message}</li>)}</ul> : null}
      {problem.requestId ? <p className="soft">{t('error.request')} <code translate="no">{problem.requestId}</code></p> : null}
      {again ? <Button onPress={again}>{t('act.again')}</Button> : null}
    </div>
  );
}

// The words of a read that is under way, has failed or is there; what was read before stays while it is read anew.
export function Read<A>({ query, rows, children }: { query: { data: A | undefined; error: unknown; refetch: () => unknown }; rows?: number; children: (answer: A) => ReactNode }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <Failed problem={query.error as Problem} again={() => { query.refetch(); }} />;
  return <Loading {...(rows === undefined ? {} : { rows })} />;
}
