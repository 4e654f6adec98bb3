// States in a reader's words, and how each is to be seen. The states are the API's; a word for each stands in the catalogue under its name.
import type { Tone } from '../kit/badge';
import type { Key } from '../i18n/words';
import type { Embargo, Participant } from '../api/shapes';

interface Said { key: Key; tone: Tone }

export const saidOfEmbargo: Record<Embargo['state'], Said> = {
  none: { key: 'embargo.none', tone: 'quiet' },
  proposed: { key: 'embargo.proposed', tone: 'waiting' },
  active: { key: 'embargo.active', tone: 'held' },
  revise: { key: 'embargo.revise', tone: 'held' },
  exited: { key: 'embargo.exited', tone: 'quiet' },
};
export const saidOfReport: Record<NonNullable<Participant['report']>, Said> = {
  start: { key: 'report.start', tone: 'quiet' },
  received: { key: 'report.received', tone: 'waiting' },
  invalid: { key: 'report.invalid', tone: 'quiet' },
  valid: { key: 'report.valid', tone: 'waiting' },
  accepted: { key: 'report.accepted', tone: 'good' },
  deferred: { key: 'report.deferred', tone: 'quiet' },
  closed: { key: 'report.closed', tone: 'quiet' },
};
export const saidOfAdmission: Record<Participant['admission'], Said> = {
  none: { key: 'admission.none', tone: 'quiet' },
  invited: { key: 'admission.invited', tone: 'waiting' },
  accepted: { key: 'admission.accepted', tone: 'waiting' },
  confirmed: { key: 'admission.confirmed', tone: 'good' },
  suspended: { key: 'admission.suspended', tone: 'alarm' },
  removed: { key: 'admission.removed', tone: 'quiet' },
};
export const saidOfConsent: Record<NonNullable<Participant['consent']>, Said> = {
  no_embargo: { key: 'consent.no_embargo', tone: 'quiet' },
  invited: { key: 'consent.invited', tone: 'waiting' },
  signatory: { key: 'consent.signatory', tone: 'good' },
  lapsed: { key: 'consent.lapsed', tone: 'waiting' },
  declined: { key: 'consent.declined', tone: 'quiet' },
};
export type StatusWord = 'asked' | 'under_investigation' | 'affected' | 'not_affected' | 'fixed';
export const saidOfStatus: Record<StatusWord, Said> = {
  asked: { key: 'status.asked', tone: 'waiting' },
  under_investigation: { key: 'status.under_investigation', tone: 'waiting' },
  affected: { key: 'status.affected', tone: 'alarm' },
  not_affected: { key: 'status.not_affected', tone: 'good' },
  fixed: { key: 'status.fixed', tone: 'good' },
};
export const kSteps = ['identified', 'developed', 'validated', 'distributed', 'deployed'] as const;
