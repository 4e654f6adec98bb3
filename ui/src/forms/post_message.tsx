// One message in a thread. The same key is sent until it has arrived, so that a lost answer posts nothing twice.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { Form } from 'react-aria-components';
import { Problem, newKey, post } from '../api/client';
import type { Case, Thread } from '../api/shapes';
import { useDraft } from '../hooks/draft';
import { sessionHasEnded } from '../hooks/session';
import { Button } from '../kit/button';
import { Field } from '../kit/field';
import { Failed } from '../kit/states';
import { useWords } from '../i18n/words';
import { WhoWillSee } from '../pages/audience';

export function PostMessage({ shown, thread }: { shown: Case; thread: Thread }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [text, setText] = useDraft(`message ${thread.id}`);
  const key = useRef(newKey());
  const send = useMutation({
    mutationFn: () => post('/api/v1/cases/{case}/threads/{thread}/messages', { text }, { path: { case: shown.id, thread: thread.id }, key: key.current }),
    onSuccess: async () => {
      key.current = newKey();
      setText('');
      await queries.invalidateQueries({ queryKey: ['case', shown.id] });
    },
    onError: (error) => { if (error instanceof Problem && error.status === 401) sessionHasEnded(true); },
  });
  return (
    <Form className="post" onSubmit={(event) => { event.preventDefault(); if (text.trim()) send.mutate(); }}>
      <Field label={t('talk.message')} value={text} onChange={(next) => { key.current = newKey(); setText(next); }} lines={4} most={200_000} />
      <WhoWillSee of={thread.audience} shown={shown} />
      {send.error ? <Failed problem={send.error as Problem} /> : null}
      <div className="acts"><Button type="submit" kind="main" isPending={send.isPending} disabledReason={text.trim() === '' ? t('talk.nothing') : undefined}>{t('talk.send')}</Button>{text ? <span className="soft">{t('talk.kept')}</span> : null}</div>
    </Form>
  );
}
