import { assembleDocument, type Signed } from '../../../src/editorial/publishing/document.rules.ts';
import type { AlertDocument, CapMessage } from '../../../src/publications/alert/alert.content.ts';
import { fingerprint } from '../../../src/publications/content/fingerprint.ts';
import { readContent } from '../../../src/publications/content/read-content.ts';
import { territory } from '../hub/hub.ts';

/** Documents as the hub freezes them, made without a hub: for what is a pure function of them. */
export const NOON = new Date('2016-06-02T10:00:00Z');
export const THREAD = '01900000-0000-7000-8000-000000000001';

const HOUR = 3600_000;

/** The input of a complete alert at NOON: nothing in its message is missing or doubtful. */
export const completeAlert = (more: object = {}): object => ({
  hazard: 'OET-081',
  categories: ['MET', 'SAFETY'],
  responseTypes: ['AVOID', 'PREPARE'],
  urgency: 'EXPECTED',
  severity: 'SEVERE',
  certainty: 'LIKELY',
  startsAt: '2016-06-02T18:00:00+02:00',
  endsAt: '2016-06-04T12:00:00+02:00',
  texts: [
    {
      language: 'fr-FR',
      headline: 'L’Yvette déborde à Longjumeau',
      description: 'Le bas de la ville est inondé.',
      instruction: 'Éloignez-vous des berges.',
    },
    {
      language: 'en-GB',
      headline: 'The Yvette is flooding Longjumeau',
      description: 'The lower town is under water.',
      instruction: 'Keep away from the river banks.',
    },
  ],
  areas: [{ description: 'Longjumeau', communes: ['91345'] }],
  contact: 'Département de l’Essonne, 01 60 91 91 91',
  ...more,
});

/** The CAP message that a thread gets as its nth (from 1), an hour after the one before. */
export const messageOf = (number: number, expires: string, thread = THREAD): CapMessage => ({
  identifier: `TOCSIN-${thread}-${number}`,
  sender: 'tocsin.example',
  sent: `2016-06-02T${String(11 + number).padStart(2, '0')}:00:00+02:00`,
  expires,
});

/** The document of an input's next revision, over the one before. */
export function alertDocument(
  input: object,
  before: AlertDocument | null = null,
  signed: Signed = { publisher: null, signatories: [] },
): AlertDocument {
  const content = readContent('ALERT', input, territory);
  const number = (before?.revision ?? 0) + 1;
  const at = new Date(NOON.getTime() + (number - 1) * HOUR);
  return assembleDocument({
    id: THREAD,
    kind: 'ALERT',
    number,
    content,
    contentHash: fingerprint(content),
    minor: false,
    signed,
    incident: { id: THREAD, slug: 'crue-2016', title: 'Crue de juin 2016' },
    at,
    before,
    changed: [],
    message: messageOf(number, (content as { expiresAt?: string }).expiresAt ?? ''),
    pinned: [],
  }) as AlertDocument;
}
