import fc from 'fast-check';
import { parisTime } from '../../../src/clock.ts';
import { assembleDocument } from '../../../src/editorial/publishing/document.rules.ts';
import { type AlertDocument, API_RESPONSES, type CapMessage } from '../../../src/publications/alert/alert.content.ts';
import { fingerprint } from '../../../src/publications/content/fingerprint.ts';
import { readContent } from '../../../src/publications/content/read-content.ts';
import { CATEGORIES, CERTAINTIES, SEVERITIES, URGENCIES } from '../../../src/publications/vocabulary.ts';
import { territory } from '../hub/hub.ts';
import { THREAD } from './alerts.ts';
import { anyPolygon } from './shapes.ts';

/** Alerts that nobody would write and the hub must carry all the same, through one to four revisions and to their end. */
const HOUR = 3600_000;

const PIECES = [
  ' à l’Yvette, œuvre « où »',
  ' L’HAŸ-LES-ROSES',
  ' 🌊🚨👩‍👩‍👧‍👦🇫🇷⚠️',
  ' \u200fعربي\u200e \u202bשלום\u202c \u2067x\u2069',
  ' ]]> <![CDATA[',
  ' & &amp; &#38; &eacute; < 3 > 2',
  '\r\nDeuxième ligne\rtroisième\n\nquatrième',
  '\n=cmd|’ /C calc’!A0',
  '\t+33 1 -2 @moi',
  ` ${'anticonstitutionnellement'.repeat(9)}`,
  ' inonde\u0301 e\u0302tre',
  ' \u00a0; \u202f! \u2011',
  ' "guillemets" \'apostrophes\' `accents`',
  ' {{7*7}} #{x} %s \\u0000 \\n',
  ' 漢字 かな 한글 Ελληνικά Кириллица',
  ' 𝔘𝔫𝔦 \u{1f9d1}\u{1f3fd}\u200d\u{1f692}',
];
/** Words of at most so many characters, whole pieces of them. */
export const anyWords = (start: string, most = 20_000) =>
  fc
    .array(fc.constantFrom(...PIECES), { maxLength: 5 })
    .map((pieces) =>
      pieces.reduce((words, piece) => (words.length + piece.length > most ? words : words + piece), start),
    );

const LANGUAGES = ['en-GB', 'de-DE', 'es', 'pt-PT', 'ar', 'zh-Hans', 'br', 'uk', 'fr-FR-x-falc', 'en-US'];
/** Around the two nights on which clocks change, a leap day, the turn of a year, and any time between. */
export const anyNow = fc.oneof(
  fc.constantFrom(
    ...['2026-03-29T00:59:58Z', '2026-10-24T23:59:59Z', '2026-10-25T00:30:00Z', '2026-10-25T00:59:59Z'],
    ...['2028-02-28T23:30:00Z', '2026-12-31T22:59:59Z', '2016-06-02T10:00:00Z'],
  ),
  fc
    .date({ min: new Date('2015-01-01T00:00:00Z'), max: new Date('2060-01-01T00:00:00Z'), noInvalidDate: true })
    .map((date) => date.toISOString()),
);

const anyText = (mark: string) => (language: string) =>
  fc.record({
    language: fc.constant(language),
    headline: anyWords(`${mark}Crue`, 300),
    description: anyWords(`Texte (${language})`),
    instruction: fc.option(anyWords('Restez à l’abri')),
  });

export const anyTexts = (mark: string) =>
  fc
    .uniqueArray(fc.constantFrom(...LANGUAGES), { maxLength: 4 })
    .chain((languages) => fc.tuple(...['fr-FR', ...languages].map(anyText(mark))));

const CODES = territory.communes.map(({ code }) => code);
/** Communes that merged are found by their codes of old. */
export const FORMER = territory.communes.flatMap(({ formerCodes }) => formerCodes);
const anyArea = fc
  .record({
    description: anyWords('Secteur', 500),
    communes: fc.oneof(
      { arbitrary: fc.uniqueArray(fc.constantFrom(...CODES), { minLength: 1, maxLength: 4 }), weight: 12 },
      { arbitrary: fc.uniqueArray(fc.constantFrom(...FORMER), { minLength: 1, maxLength: 2 }), weight: 6 },
      { arbitrary: fc.constant(CODES), weight: 1 },
    ),
    geometry: fc.option(anyPolygon({ minLength: 3, maxLength: 250 }), { freq: 2 }),
  })
  .filter(({ geometry }) => !geometry || territory.touchesDepartement(geometry));

export const MARKS = { ACTUAL: '', EXERCISE: 'EXERCICE ', TEST: 'TEST ' } as const;
const some = <T>(list: readonly T[], minLength = 0) =>
  fc.uniqueArray(fc.constantFrom(...list), { minLength, maxLength: 3 });

const anyRevision = (mode: keyof typeof MARKS) =>
  fc.record({
    mode: fc.constant(mode),
    texts: anyTexts(MARKS[mode]),
    hazard: fc.constantFrom('OET-081', 'OET-079', 'OET-098', 'OET-113', 'OET-182', 'OET-194', 'OET-197', 'OET-218'),
    categories: some(CATEGORIES, 1),
    responseTypes: some(API_RESPONSES.words),
    urgency: fc.constantFrom(...URGENCIES),
    severity: fc.constantFrom(...SEVERITIES),
    certainty: fc.constantFrom(...CERTAINTIES),
    areas: fc.array(anyArea, { minLength: 1, maxLength: 3 }),
    contact: fc.option(anyWords('Mairie', 500)),
    infoUrl: fc.option(fc.constantFrom('https://a.example/?a=1&b=é', 'http://xn--bcher-kva.example/%20#x')),
    source: fc.option(
      fc.record({ name: anyWords('Préfecture', 200), relayed: fc.boolean(), reference: fc.constant('w,1,x') }),
    ),
    /** In hours: since the revision before, until the onset, until the end. */
    waited: fc.integer({ min: 1, max: 30 }),
    onset: fc.option(fc.integer({ min: -2, max: 20 })),
    lasts: fc.integer({ min: 21, max: 24 * 7 }),
  });

type Revision = (ReturnType<typeof anyRevision> extends fc.Arbitrary<infer T> ? T : never) & object;

/** A document at the end of a thread, with all its messages. */
export const anyAlert: fc.Arbitrary<AlertDocument> = fc
  .constantFrom('ACTUAL' as const, 'ACTUAL' as const, 'EXERCISE' as const, 'TEST' as const)
  .chain((mode) =>
    fc.record({
      now: anyNow,
      revisions: fc.array(anyRevision(mode), { minLength: 1, maxLength: 4 }),
      end: fc.constantFrom('none', 'none', 'cancelled', 'allClear'),
      texts: anyTexts(MARKS[mode]),
    }),
  )
  .map(({ now, revisions, end, texts }) => {
    let at = new Date(now);
    let document: AlertDocument | null = null;
    for (const revision of revisions) {
      document = published(revision, at, document);
      at = new Date(at.getTime() + revision.waited * HOUR);
    }
    if (!document || end === 'none') return document!;
    const [expires, told] = [parisTime(new Date(at.getTime() + 24 * HOUR)), parisTime(at)];
    const messages = [...document.messages, messageOf(document.messages.length + 1, at, expires)];
    if (end === 'cancelled') return { ...document, messages, cancelled: { at: told, reason: 'Sonde en panne & <3' } };
    // Read as an input is, so that words are as the hub keeps them.
    const read = readContent(
      'ADVICE',
      { hazard: 'OET-081', phase: 'AFTER', texts, items: [{ language: 'fr-FR', dos: [], donts: [] }] },
      territory,
    );
    return { ...document, messages, allClear: { at: told, texts: read.texts } };
  });

const messageOf = (number: number, at: Date, expires: string): CapMessage => ({
  identifier: `TOCSIN-${THREAD}-${number}`,
  sender: 'tocsin.example',
  sent: parisTime(at),
  expires,
});

function published(
  { onset, lasts, waited: _, ...revision }: Revision,
  at: Date,
  before: AlertDocument | null,
): AlertDocument {
  const hence = (hours: number) => parisTime(new Date(at.getTime() + hours * HOUR));
  const endsAt = hence(lasts);
  const content = readContent(
    'ALERT',
    { ...revision, startsAt: onset === null ? null : hence(onset), endsAt },
    territory,
  );
  const number = (before?.revision ?? 0) + 1;
  return assembleDocument({
    id: THREAD,
    kind: 'ALERT',
    number,
    content,
    contentHash: fingerprint(content),
    minor: false,
    signed: { publisher: null, signatories: [] },
    incident: null,
    at,
    before,
    changed: [],
    message: messageOf(number, at, endsAt),
    pinned: [],
  }) as AlertDocument;
}
