// The web client: a client of the public API like any other, served under /app/.
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useEffect, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import { createRoot } from 'react-dom/client';
import { Problem } from './api/client';
import { usePreferences, showPreferences } from './hooks/preferences';
import { sessionHasEnded } from './hooks/session';
import { WordsProvider, loadCatalogue, type Catalogue, type Language } from './i18n/words';
import { router } from './router';
import './style/tokens.css';
import './style/base.css';
import './style/kit.css';
import './style/pages.css';

const queries = new QueryClient({
  queryCache: new QueryCache({ onError: (error, query) => { if (error instanceof Problem && error.status === 401 && query.queryKey[0] !== 'me') sessionHasEnded(true); } }),
  defaultOptions: { queries: { staleTime: 15_000, gcTime: 600_000, refetchOnWindowFocus: true, retry: (times, error) => error instanceof Problem && error.mayPassBy && times < 2, networkMode: 'always' }, mutations: { networkMode: 'always' } },
});

function Client() {
  const { language } = usePreferences();
  const [words, setWords] = useState<{ language: Language; catalogue: Catalogue }>();
  useEffect(() => {
    let wanted = true;
    void loadCatalogue(language).then((catalogue) => { if (wanted) setWords({ language, catalogue }); });
    return () => { wanted = false; };
  }, [language]);
  if (!words) return null;
  return (
    <WordsProvider catalogue={words.catalogue} language={words.language}>
      <I18nProvider locale={words.language === 'pseudo' ? 'en' : words.language}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </I18nProvider>
    </WordsProvider>
  );
}

showPreferences();
const root = document.getElementById('app');
if (root) createRoot(root).render(<StrictMode><Client /></StrictMode>);
