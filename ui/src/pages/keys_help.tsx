import type { Key } from '../i18n/words';
import { useWords } from '../i18n/words';

const keys: readonly (readonly [string, Key])[] = [['Ctrl K', 'help.palette'], ['j', 'help.next'], ['k', 'help.previous'], ['Enter', 'help.enter'], ['?', 'help.help'], ['Esc', 'help.escape']];

export function KeysHelp() {
  const { t } = useWords();
  return (
    <>
      <dl className="keys">{keys.map(([key, what]) => <div key={key}><dt><kbd translate="no">{key}</kbd></dt><dd>{t(what)}</dd></div>)}</dl>
      <p className="soft">{t('help.off')}</p>
    </>
  );
}
