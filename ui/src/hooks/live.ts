// The live stream: what has changed is read anew. One tab of a browser holds the stream and tells the others, since a browser has few connections.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

const told = 250;  // milliseconds in which changes are gathered

export function useLive(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const channel = new BroadcastChannel('sluice-live');
    const waiting = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      timer = undefined;
      const all = waiting.has('all');
      for (const one of waiting) void queries.invalidateQueries({ queryKey: ['case', one] });
      for (const key of ['cases', 'duties', ...(all ? ['case'] : [])]) void queries.invalidateQueries({ queryKey: [key] });
      waiting.clear();
    };
    const changed = (what: string) => {
      waiting.add(what);
      timer ??= setTimeout(tell, told);
    };
    channel.onmessage = (event: MessageEvent<string>) => changed(event.data);

    let stream: EventSource | undefined;
    const leave = new AbortController();
    const hold = () => new Promise<void>((done) => {
      stream = new EventSource('/api/v1/stream');
      const pass = (what: string) => { changed(what); channel.postMessage(what); };
      stream.addEventListener('change', (event: MessageEvent<string>) => {
        const found = /\/cases\/([^/"]+)/.exec(event.data);
        if (found?.[1]) pass(found[1]);
      });
      stream.addEventListener('resync', () => pass('all'));
      leave.signal.addEventListener('abort', () => { stream?.close(); done(); });
    });
    if (navigator.locks) navigator.locks.request('sluice-live', { signal: leave.signal }, hold).catch(() => undefined);
    else void hold();
    return () => { leave.abort(); stream?.close(); channel.close(); clearTimeout(timer); };
  }, [queries]);
}
