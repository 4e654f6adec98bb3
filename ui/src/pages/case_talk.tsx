// Threads, each with who reads it; in one, a line where what is new begins. Nothing is marked as read but by its reader.
import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { threadsQuery } from '../api/queries';
import type { Case, Message, Thread, Unread } from '../api/shapes';
import { MarkRead } from '../forms/mark_read';
import { PostMessage } from '../forms/post_message';
import { Count } from '../kit/badge';
import { Button } from '../kit/button';
import { Empty, Read } from '../kit/states';
import { Away, When } from '../kit/when';
import { useWords } from '../i18n/words';
import { Audience } from './audience';

const route = getRouteApi('/cases/$case/$part');

function Said({ message }: { message: Message }) {
  const { t } = useWords();
  return (
    <article className="message" id={message.id} tabIndex={-1} data-row="">
      <p className="message-head"><strong translate="no">{message.by?.name ?? t(message.from === 'receiver' ? 'talk.receiver' : 'talk.reporter')}</strong> <span className="soft"><When at={message.at} /> · <Away at={message.at} /></span></p>
      {message.retracted_because ? <p className="soft">{t('talk.retracted')} <span translate="no">{message.retracted_because}</span></p> : <p className="prose" translate="no">{message.text}</p>}
      {message.amended_at ? <details className="soft"><summary>{t('talk.amended')} <When at={message.amended_at} /></summary>{(message.earlier ?? []).map((text, i) => <p key={i} className="prose" translate="no">{text}</p>)}</details> : null}
    </article>
  );
}

function OneThread({ thread, shown, news }: { thread: Thread; shown: Case; news: { first: string; messages: number } | undefined }) {
  const { t } = useWords();
  const line = useRef<HTMLParagraphElement>(null);
  const toFirst = () => { line.current?.scrollIntoView({ block: 'start' }); document.getElementById(news?.first ?? '')?.focus({ preventScroll: true }); };
  const toLast = () => {
    const last = document.getElementById(thread.messages.at(-1)?.id ?? '');
    last?.scrollIntoView({ block: 'end' });
    last?.focus({ preventScroll: true });
  };
  const first = news?.first;
  useEffect(() => { if (first && thread.messages.length > 8) line.current?.scrollIntoView({ block: 'center' }); }, [first, thread.id, thread.messages.length]);
  return (
    <section className="thread" aria-labelledby={`topic-${thread.id}`}>
      <header><h2 id={`topic-${thread.id}`} translate="no">{thread.topic}</h2><Audience of={thread.audience} shown={shown} />{thread.messages.length > 8 ? <Button onPress={toLast}>{t('talk.to_last')}</Button> : null}{news ? <Button onPress={toFirst}>{t('talk.to_first', { count: news.messages })}</Button> : null}</header>
      {thread.messages.length === 0 ? <Empty title={t('talk.no_messages')} /> : null}
      {thread.messages.map((message) => (
        <div key={message.id} className="message-place">
          {message.id === first ? <p className="new-line" ref={line}><span>{t('talk.new')}</span></p> : null}
          <Said message={message} />
        </div>
      ))}
      <PostMessage key={thread.id} shown={shown} thread={thread} />
    </section>
  );
}

export function CaseTalk({ id, shown, unread }: { id: string; shown: Case; unread: Unread | undefined }) {
  const { t } = useWords();
  const { thread: asked } = route.useSearch();
  const query = useQuery(threadsQuery(id));
  const newsOf = (thread: Thread) => unread?.threads.find((one) => one.thread === thread.id);
  return (
    <Read query={query}>{({ items }) => {
      const threads = [...items].sort((a, b) => Number(newsOf(b) !== undefined) - Number(newsOf(a) !== undefined) || (b.messages.at(-1)?.at ?? b.opened).localeCompare(a.messages.at(-1)?.at ?? a.opened));
      const open = threads.find((one) => one.id === asked) ?? threads[0];
      if (!open) return <Empty title={t('talk.none')}>{t('talk.none.what')}</Empty>;
      return (
        <div className="talk">
          <nav aria-label={t('talk.threads')}>
            <ul className="threads">
              {threads.map((one) => {
                const news = newsOf(one);
                return (
                  <li key={one.id}>
                    <Link to="/cases/$case/$part" params={{ case: id, part: 'talk' }} search={{ thread: one.id }} resetScroll={false} aria-current={one === open ? 'true' : undefined} data-row="">
                      <span className="topic" translate="no">{one.topic}</span>{news ? <Count>{t('cases.unread', { count: news.messages })}</Count> : null}
                      <span className="soft">{t('talk.messages', { count: one.messages.length })}{one.messages.length > 0 ? <> · <Away at={one.messages.at(-1)?.at ?? one.opened} /></> : null}</span>
                      <Audience of={one.audience} shown={shown} />
                    </Link>
                  </li>
                );
              })}
            </ul>
            {unread && unread.count > 0 ? <MarkRead id={id} unread={unread} /> : null}
          </nav>
          <OneThread key={open.id} thread={open} shown={shown} news={newsOf(open)} />
        </div>
      );
    }}</Read>
  );
}
