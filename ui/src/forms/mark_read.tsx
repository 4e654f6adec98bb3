// Says that this person has read the case, up to what was there when the marks were counted: what came since stays unread.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { newKey, post, type Problem } from '../api/client';
import type { Unread } from '../api/shapes';
import { Button } from '../kit/button';
import { Failed } from '../kit/states';
import { useWords } from '../i18n/words';

export function MarkRead({ id, unread }: { id: string; unread: Unread }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const mark = useMutation({
    mutationFn: () => post('/api/v1/cases/{case}/read', unread.through ? { through: unread.through } : {}, { path: { case: id }, key: newKey() }),
    onSuccess: async () => { await Promise.all([queries.invalidateQueries({ queryKey: ['case', id, 'unread'] }), queries.invalidateQueries({ queryKey: ['cases'] })]); },
  });
  return <>{mark.error ? <Failed problem={mark.error as Problem} /> : null}<Button onPress={() => mark.mutate()} isPending={mark.isPending}>{t('talk.mark_read')}</Button></>;
}
