// Who is signed in. When a session ends, what stands on the page stays there until its owner is back: no word is lost.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useSyncExternalStore, type ReactNode } from 'react';
import { Problem, forgetAll, nameOf, whoAmI } from '../api/client';

export type Session = Awaited<ReturnType<typeof whoAmI>>;

let ended = false;
const listeners = new Set<() => void>();
export function sessionHasEnded(is: boolean): void {
  if (ended === is) return;
  ended = is;
  for (const tell of listeners) tell();
}
export const useSessionHasEnded = (): boolean => useSyncExternalStore((tell) => { listeners.add(tell); return () => listeners.delete(tell); }, () => ended);

const Who = createContext<Session | undefined>(undefined);
export function useMe(): Session {
  const me = useContext(Who);
  if (!me) throw new Error('nobody is signed in');
  return me;
}

interface Places { waiting: ReactNode; stranger: ReactNode; broken: (problem: Problem, again: () => void) => ReactNode; children: ReactNode }

export function SessionProvider({ waiting, stranger, broken, children }: Places) {
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({ queryKey: ['me'], queryFn: whoAmI, retry: (times, problem) => problem instanceof Problem && problem.mayPassBy && times < 2, staleTime: 60_000 });
  const isEnded = useSessionHasEnded();
  const outside = error instanceof Problem && error.status === 401;

  // Back from signing in, in another tab: go on where it stopped. As somebody else, everything is read anew.
  useEffect(() => {
    if (!isEnded && !outside) return undefined;
    const look = () => {
      if (document.visibilityState !== 'visible') return;
      whoAmI().then((me) => {
        if (data && nameOf(me) !== nameOf(data)) { forgetAll(); queries.clear(); location.reload(); return; }
        sessionHasEnded(false);
        queries.setQueryData(['me'], me);
        void queries.invalidateQueries();
      }, () => undefined);
    };
    document.addEventListener('visibilitychange', look);
    window.addEventListener('focus', look);
    const timer = setInterval(look, 5000);
    return () => { document.removeEventListener('visibilitychange', look); window.removeEventListener('focus', look); clearInterval(timer); };
  }, [isEnded, outside, data, queries]);

  if (data) return <Who value={data}>{children}</Who>;
  if (outside) return stranger;
  if (error) return broken(error instanceof Problem ? error : Problem.unreachable(), () => { void refetch(); });
  return waiting;
}
