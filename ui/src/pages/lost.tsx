import { Link } from '@tanstack/react-router';
import { useWords } from '../i18n/words';
import { Page } from './page';

export function Lost() {
  const { t } = useWords();
  return <Page title={t('lost.title')}><p>{t('lost.what')}</p><p><Link to="/">{t('nav.work')}</Link></p></Page>;
}
