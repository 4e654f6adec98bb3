// The addresses of the client, below /app. What narrows a list stands in the address, content never does; what an address asks for that there isn't is left out.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { CasePage } from './pages/case';
import { CasesPage, type CasesAsked } from './pages/cases';
import { Lost } from './pages/lost';
import { Shell } from './pages/shell';
import { WorkPage, type WorkAsked } from './pages/work';

type Given = Record<string, unknown>;
const words = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined);
const oneOf = <V extends string>(value: unknown, all: readonly V[]): V | undefined => all.find((one) => one === value);
const without = <A extends object>(asked: A): A => Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)) as A;

const root = createRootRoute({ component: Shell, notFoundComponent: Lost });

export const workRoute = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: WorkPage,
  validateSearch: (given: Given): WorkAsked => without({ only: oneOf(given['only'], ['answer', 'clock', 'law', 'unread'] as const) }),
});
export const casesRoute = createRoute({
  getParentRoute: () => root,
  path: '/cases',
  component: CasesPage,
  validateSearch: (given: Given): CasesAsked => without({
    words: words(given['words']),
    embargo: oneOf(given['embargo'], ['none', 'proposed', 'active', 'revise', 'exited'] as const),
    only: oneOf(given['only'], ['unread', 'invited'] as const),
    by: oneOf(given['by'], ['changed', 'until'] as const),
  }),
});
export const caseParts = ['overview', 'timeline', 'parties', 'talk'] as const;
export type CasePart = (typeof caseParts)[number];
export interface CaseAsked { thread?: string | undefined; show?: 'silent' | 'open' | 'done' | undefined; vulnerability?: string | undefined; words?: string | undefined; part?: string | undefined }
export const caseRoute = createRoute({
  getParentRoute: () => root,
  path: '/cases/$case/$part',
  component: CasePage,
  beforeLoad: ({ params }) => {
    if (!caseParts.some((part) => part === params.part)) throw redirect({ to: '/cases/$case/$part', params: { case: params.case, part: 'overview' } });
  },
  validateSearch: (given: Given): CaseAsked => without({
    thread: words(given['thread']), show: oneOf(given['show'], ['silent', 'open', 'done'] as const), vulnerability: words(given['vulnerability']), words: words(given['words']), part: words(given['part']),
  }),
});
const bareCaseRoute = createRoute({
  getParentRoute: () => root,
  path: '/cases/$case',
  beforeLoad: ({ params }) => { throw redirect({ to: '/cases/$case/$part', params: { case: params.case, part: 'overview' } }); },
});
const kitRoute = createRoute({ getParentRoute: () => root, path: '/kit', component: lazyRouteComponent(() => import('./pages/kit'), 'KitPage') });

export const router = createRouter({
  routeTree: root.addChildren([workRoute, casesRoute, bareCaseRoute, caseRoute, kitRoute]),
  basepath: '/app',
  defaultPreload: false,   // reading a case is on record: nothing is read before it is asked for
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register { router: typeof router }
}
