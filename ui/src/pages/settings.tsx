import { prefer, usePreferences, type Preferences } from '../hooks/preferences';
import { Choice, Tick } from '../kit/field';
import { languages, useWords, type Language } from '../i18n/words';

export function Settings({ acting }: { acting: string | undefined }) {
  const { t } = useWords();
  const now = usePreferences();
  const known = Object.entries(languages) as [Language, string][];
  return (
    <div className="stack">
      {acting ? <p className="soft">{t('settings.acting', { organisation: acting })}</p> : null}
      <Choice label={t('settings.language')} value={now.language} onChange={(language) => prefer({ language })} options={now.language === 'pseudo' ? [...known, ['pseudo', 'Pseudo']] : known} />
      <Choice<Preferences['theme']> label={t('settings.theme')} value={now.theme} onChange={(theme) => prefer({ theme })} options={[['system', t('settings.system')], ['light', t('settings.light')], ['dark', t('settings.dark')]]} />
      <Choice<Preferences['contrast']> label={t('settings.contrast')} value={now.contrast} onChange={(contrast) => prefer({ contrast })} options={[['system', t('settings.system')], ['more', t('settings.more')]]} />
      <Choice<Preferences['density']> label={t('settings.density')} value={now.density} onChange={(density) => prefer({ density })} options={[['comfortable', t('settings.comfortable')], ['compact', t('settings.compact')]]} />
      <Tick label={t('settings.keys')} value={now.keys} onChange={(keys) => prefer({ keys })} />
      <p className="links"><a href="/account">{t('settings.account')}</a> <a href="/cases">{t('settings.plain')}</a></p>
    </div>
  );
}
