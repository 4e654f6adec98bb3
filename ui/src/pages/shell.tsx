// The frame round every page: navigation, palette, help, preferences, and what is said when a session has ended.
import { Link, Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Button } from '../kit/button';
import { Dialog } from '../kit/dialog';
import { Failed, Loading } from '../kit/states';
import { useKeys, toRow } from '../hooks/keys';
import { useLive } from '../hooks/live';
import { SessionProvider, useMe, useSessionHasEnded } from '../hooks/session';
import { useWords } from '../i18n/words';
import { organisationsQuery } from '../api/queries';
import { useQuery } from '@tanstack/react-query';
import { Settings } from './settings';
import { KeysHelp } from './keys_help';

const Palette = lazy(() => import('./palette'));

function SignedOut() {
  const { t } = useWords();
  return (
    <main className="narrow" id="main">
      <h1>{t('signed_out.title')}</h1>
      <p>{t('signed_out.what')}</p>
      <p><a className="button" data-kind="main" href="/sign-in" target="_blank" rel="noopener noreferrer">{t('signed_out.act')}</a></p>
    </main>
  );
}

function SessionEnded() {
  const { t } = useWords();
  if (!useSessionHasEnded()) return null;
  return (
    <div className="ended" role="alert">
      <p><strong>{t('ended.title')}</strong> {t('ended.what')}</p>
      <a className="button" data-kind="main" href="/sign-in" target="_blank" rel="noopener noreferrer">{t('signed_out.act')}</a>
    </div>
  );
}

function Frame() {
  const { t } = useWords();
  const me = useMe();
  useLive();
  const [open, setOpen] = useState<'palette' | 'help' | 'settings'>();
  const organisations = useQuery(organisationsQuery);
  const acting = organisations.data?.items.find((one) => one.id === me.organisation)?.name;
  const close = () => setOpen(undefined);
  useKeys(useMemo(() => ({ 'mod+k': () => setOpen('palette'), '/': () => setOpen('palette'), '?': () => setOpen('help'), j: () => toRow(1), k: () => toRow(-1) }), []));
  return (
    <>
      <a href="#main" className="skip">{t('nav.skip')}</a>
      <header className="site">
        <Link to="/" className="brand" aria-label={t('nav.home')}><svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="6" className="brand-ground" /><path d="M7 6h4v20H7zM21 6h4v20h-4zM13 6h6v9h-6zM12 21q2-2 4 0t4 0v3q-2 2-4 0t-4 0z" className="brand-ink" /></svg><span translate="no">Sluice</span></Link>
        <nav aria-label={t('nav.main')}>
          <Link to="/" activeOptions={{ exact: true, includeSearch: false }} activeProps={{ 'aria-current': 'page' }}>{t('nav.work')}</Link>
          <Link to="/cases" activeOptions={{ includeSearch: false }} activeProps={{ 'aria-current': 'page' }}>{t('nav.cases')}</Link>
        </nav>
        <div className="tools">
          <Button kind="second" onPress={() => setOpen('palette')} keys="Control+K" label={t('palette.short')}><svg className="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.5 10.5L14 14" fill="none" stroke="currentColor" strokeWidth="1.8" /></svg><span className="wide-only">{t('palette.short')}</span><kbd className="wide-only drawn" data-key="Ctrl K" aria-hidden="true" /></Button>
          <Button kind="plain" onPress={() => setOpen('help')} label={t('help.open')}><span aria-hidden="true" className="round">?</span></Button>
          <Button kind="plain" onPress={() => setOpen('settings')} label={acting ? t('settings.open_as', { organisation: acting }) : t('settings.open')}><svg className="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M2 4.5h7M13 4.5h1M2 11.5h1M7 11.5h7" stroke="currentColor" strokeWidth="1.8" /><circle cx="11" cy="4.5" r="1.8" fill="none" stroke="currentColor" strokeWidth="1.6" /><circle cx="5" cy="11.5" r="1.8" fill="none" stroke="currentColor" strokeWidth="1.6" /></svg><span className="wide-only" translate="no">{acting}</span></Button>
        </div>
      </header>
      <SessionEnded />
      <main id="main" tabIndex={-1}><Outlet /></main>
      <Dialog title={t('help.title')} isOpen={open === 'help'} close={close}><KeysHelp /></Dialog>
      <Dialog title={t('settings.title')} isOpen={open === 'settings'} close={close}><Settings acting={acting} /></Dialog>
      <Dialog title={t('palette.open')} isOpen={open === 'palette'} close={close} bare wide><Suspense fallback={<Loading rows={3} />}><Palette close={close} show={setOpen} /></Suspense></Dialog>
    </>
  );
}

export function Shell() {
  return (
    <SessionProvider waiting={<main id="main"><Loading /></main>} stranger={<SignedOut />} broken={(problem, again) => <main id="main" className="narrow"><Failed problem={problem} again={again} /></main>}>
      <Frame />
    </SessionProvider>
  );
}
