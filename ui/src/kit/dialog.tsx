// A window over the page: focus stays inside, Escape closes it, and the focus goes back to where it was.
import type { ReactNode } from 'react';
import { Dialog as Base, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useWords } from '../i18n/words';
import { Button } from './button';

interface Props { title: string; isOpen: boolean; close: () => void; wide?: boolean; bare?: boolean; children: ReactNode }

export function Dialog({ title, isOpen, close, wide = false, bare = false, children }: Props) {
  const { t } = useWords();
  return (
    <ModalOverlay className="shade" isOpen={isOpen} onOpenChange={(open) => { if (!open) close(); }} isDismissable>
      <Modal className="window" data-wide={wide || undefined}>
        <Base className="dialog" {...(bare ? { 'aria-label': title } : {})}>
          {bare ? null : <header><Heading slot="title" level={2}>{title}</Heading><Button kind="plain" onPress={close} label={t('act.close')}><svg className="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M3.5 3.5l9 9M12.5 3.5l-9 9" stroke="currentColor" strokeWidth="2" /></svg></Button></header>}
          {children}
        </Base>
      </Modal>
    </ModalOverlay>
  );
}
