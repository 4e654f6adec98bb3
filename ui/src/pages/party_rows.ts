// Participants × products of one case as rows: who was asked, who has seen it, what they answered, how far the fix is, since when they are silent. A value; no reads.
import type { Case, Participant, Product, Status } from '../api/shapes';
import type { StatusWord } from './said';

export interface PartyRow {
  key: string;
  party: Participant;
  consent: Participant['consent'];   // to the terms in force, or else to the newest
  product: Product | undefined;
  vulnerability: string | undefined;
  status: StatusWord | undefined;
  since: string | undefined;
  answerBy: string | undefined;
  fixStep: string | undefined;
  fixedIn: string | undefined;
  blocked: string | undefined;
  silentSince: string | undefined;
  kind: 'silent' | 'open' | 'done' | 'none';
  isFirst: boolean;              // of its party
}

const isAsked = (status: Status): status is Extract<Status, { answer_by: string }> => 'answer_by' in status;

export function partyRows(shown: Case, vulnerability: string | undefined): PartyRow[] {
  const statuses = (shown.statuses ?? []).filter((one) => !vulnerability || one.vulnerability === vulnerability);
  const products = new Map((shown.products ?? []).map((one) => [one.id, one]));
  const answered = new Map<string, Exclude<Status, { answer_by: string }>[]>();
  const asked = new Map<string, Extract<Status, { answer_by: string }>[]>();
  for (const status of statuses) {
    if (isAsked(status)) asked.set(status.organisation.id, [...(asked.get(status.organisation.id) ?? []), status]);
    else {
      const vendor = products.get(status.product)?.vendor?.id ?? '';
      answered.set(vendor, [...(answered.get(vendor) ?? []), status]);
    }
  }
  const { terms, running } = shown.embargo;
  const asksNow = terms.find((one) => one.version === running) ?? terms.at(-1);
  const consents = new Map(asksNow?.answers.map((answer) => [answer.organisation.id, answer.consent]));
  const parties: PartyRow[][] = [];
  for (const party of shown.participants ?? []) {
    const { id } = party.organisation;
    const own: PartyRow[] = [];
    const base = { party, consent: party.consent ?? consents.get(id), product: undefined, vulnerability: undefined, status: undefined, since: undefined, answerBy: undefined, fixStep: undefined, fixedIn: undefined, blocked: undefined, isFirst: false };
    const invitedSince = party.admission === 'invited' ? party.invited_at : undefined;
    for (const status of asked.get(id) ?? [])
      own.push({ ...base, key: `${id} asked ${status.vulnerability}`, vulnerability: status.vulnerability, status: 'asked', since: status.since, answerBy: status.answer_by, silentSince: status.since, kind: 'silent' });
    for (const status of answered.get(id) ?? []) {
      const word = status.status as StatusWord | undefined;
      const silent = word === 'asked' || word === undefined ? status.since : undefined;
      const isDone = word === 'not_affected' || word === 'fixed' || status.fix_ready;
      own.push({ ...base, key: `${id} ${status.product} ${status.vulnerability}`, product: products.get(status.product), vulnerability: status.vulnerability, status: word, since: status.since, fixStep: status.step, fixedIn: status.fixed_in, blocked: status.blocked?.because, silentSince: silent, kind: isDone ? 'done' : silent ? 'silent' : 'open' });
    }
    const covered = new Set(own.map((row) => row.product?.id));
    for (const product of products.values())
      if (product.vendor?.id === id && !covered.has(product.id)) own.push({ ...base, key: `${id} ${product.id}`, product, silentSince: invitedSince, kind: invitedSince ? 'silent' : 'open' });
    if (own.length === 0) own.push({ ...base, key: id, silentSince: invitedSince, kind: invitedSince ? 'silent' : party.roles.includes('vendor') && party.admission === 'confirmed' ? 'open' : 'none' });
    own.forEach((row, at) => { row.isFirst = at === 0; });
    parties.push(own);
  }
  // Whom one waits for comes first, the longest silence before the others; then by name.
  const order = { silent: 0, open: 1, done: 2, none: 3 };
  const rank = (own: PartyRow[]) => Math.min(...own.map((row) => order[row.kind]));
  const silence = (own: PartyRow[]) => own.map((row) => row.silentSince ?? '9').sort()[0] ?? '9';
  const name = (own: PartyRow[]) => own[0]?.party.organisation.name ?? '';
  return parties.sort((a, b) => rank(a) - rank(b) || silence(a).slice(0, 16).localeCompare(silence(b).slice(0, 16)) || name(a).localeCompare(name(b), undefined, { numeric: true })).flat();
}
