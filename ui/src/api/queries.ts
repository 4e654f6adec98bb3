// What pages read, each with the key under which it is kept; a live change of a case makes all that begins with ['case', id] be read anew.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { read } from './client';

export const casesQuery = infiniteQueryOptions({
  queryKey: ['cases'],
  queryFn: ({ pageParam, signal }) => read('/api/v1/cases', { query: { limit: 200, cursor: pageParam }, signal }),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
});
export const dutiesQuery = queryOptions({ queryKey: ['duties'], queryFn: ({ signal }) => read('/api/v1/duties', { query: { limit: 100, state: 'open,missed' }, signal }) });
export const organisationsQuery = queryOptions({ queryKey: ['organisations'], queryFn: ({ signal }) => read('/api/v1/organisations', { signal }), staleTime: 300_000 });

export const caseQuery = (id: string) => queryOptions({ queryKey: ['case', id, 'whole'], queryFn: ({ signal }) => read('/api/v1/cases/{case}', { path: { case: id }, signal }) });
export const unreadQuery = (id: string) => queryOptions({ queryKey: ['case', id, 'unread'], queryFn: ({ signal }) => read('/api/v1/cases/{case}/unread', { path: { case: id }, signal }) });
export const timelineQuery = (id: string) => queryOptions({ queryKey: ['case', id, 'timeline'], queryFn: ({ signal }) => read('/api/v1/cases/{case}/timeline', { path: { case: id }, signal }) });
export const threadsQuery = (id: string) => queryOptions({ queryKey: ['case', id, 'threads'], queryFn: ({ signal }) => read('/api/v1/cases/{case}/threads', { path: { case: id }, signal }) });
export const stepsQuery = (id: string) => queryOptions({ queryKey: ['case', id, 'steps'], queryFn: ({ signal }) => read('/api/v1/cases/{case}/steps', { path: { case: id }, signal }) });
export const targetsQuery = (id: string) => queryOptions({ queryKey: ['case', id, 'targets'], queryFn: ({ signal }) => read('/api/v1/cases/{case}/targets', { path: { case: id }, signal }) });
export const searchQuery = (q: string) => queryOptions({ queryKey: ['search', q], queryFn: ({ signal }) => read('/api/v1/search', { query: { q, limit: 20 }, signal }), enabled: q.length >= 2, staleTime: 10_000 });
