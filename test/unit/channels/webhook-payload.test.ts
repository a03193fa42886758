import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { buildSchema, type GraphQLObjectType } from 'graphql';
import { expect, it } from 'vitest';
import { NETWORKS } from '../../../src/channels/social/fitting/networks.ts';
import { makePost } from '../../../src/channels/social/posts/post.rules.ts';
import { changeBody } from '../../../src/channels/webhooks/delivery/payload.rules.ts';
import { parisTime } from '../../../src/clock.ts';
import { decodeCursor } from '../../../src/journal/cursor.rules.ts';
import { type PublicDocument, publicStateAt } from '../../../src/publications/document.ts';
import { kindOf } from '../../../src/publications/kinds.ts';
import { CHANGE_TYPES, type FilterMatch } from '../../../src/publications/vocabulary.ts';
import { budget } from '../../support/budget.ts';
import { anyClosure, anyDocument as anyWhole } from '../../support/generated/generated-documents.ts';
import { anyDocument, at, NOW } from '../../support/generated/public-documents.ts';
import { territory } from '../../support/hub/hub.ts';

const EPOCH = '01890000-0000-7000-8000-000000000000';
const setting = { territory, publicUrl: 'https://tocsin.example', epoch: EPOCH, language: 'fr-FR', now: new Date(NOW) };
const anyChange = fc.constantFrom(...CHANGE_TYPES.filter((type) => type !== 'CHECKPOINT'));

const entryOf = (document: PublicDocument, type: string) => ({
  id: EPOCH,
  position: 7,
  subject: document.id,
  type,
  at: document.revisedAt,
  atMs: Date.parse(document.revisedAt),
  changedFields: [],
  ring: true,
  onlyWider: false,
  document,
  before: null,
  superseded: false,
});

const bodyOf = (
  document: PublicDocument,
  type: string,
  networks: readonly (typeof NETWORKS)[number][],
  match: FilterMatch = 'ENTERED',
) =>
  JSON.parse(changeBody({ entry: entryOf(document, type), match, ring: match !== 'LEFT' }, { ...setting, networks }));

/** The last observation as the API answers it, for kinds that are observed. */
function observedOf(document: PublicDocument): { observed?: object | null } {
  if (document.kind === 'CLOSURE') {
    const { state, at: observedAt, note } = document.observed;
    return { observed: state === 'UNKNOWN' ? null : { state, observedAt, note } };
  }
  if (document.kind !== 'AID_POINT') return {};
  const { status, at: observedAt, freePlaces, note } = document.observed;
  return { observed: status === 'UNKNOWN' ? null : { status, observedAt, freePlaces, note } };
}

/** How the hub keeps a document, and names that the API does not have; some generated documents have fields of every kind. */
const KEPT =
  /hash|history|reportIds|incidentId|^(onsetAt|expiresAt|plannedTo|opensAt|closesAt|web|texts|messages|adviceIds|eventId|eventWindow|commune)$/i;

/** Some generated texts have no alert beside them; whole alerts always list their advice and their messages. */
const wholeOf = (document: PublicDocument): PublicDocument =>
  document.kind === 'ALERT' ? { ...document, advice: [], messages: [MESSAGE] } : document;
const MESSAGE = { identifier: 'TOCSIN-1', sender: 'tocsin.example', sent: at(0), expires: at(60) };

it('tells any document of any kind: its own facts, and nothing of how the hub keeps it', () => {
  fc.assert(
    fc.property(anyDocument, anyChange, (document, type) => {
      const whole = wholeOf(document);
      const { type: event, timestamp, data } = bodyOf(whole, type, []);
      expect([event, timestamp]).toEqual([`publication.${type.toLowerCase()}`, document.revisedAt]);
      expect(decodeCursor(data.cursor)).toEqual({ epoch: EPOCH, position: 7 });
      expect(data.publication).toMatchObject({
        id: document.id,
        kind: document.kind,
        url: `https://tocsin.example/publications/${document.id}`,
        state: publicStateAt(document, NOW),
        communes: document.communes,
        ...observedOf(document),
        translations: document.texts.map(({ headline, description }) => ({ headline, description })),
      });
      const fields = Object.keys({ ...data.publication, ...data.publication.translations[0] });
      expect(fields.filter((field) => KEPT.test(field))).toEqual([]);
      expect(data).not.toHaveProperty('social');
    }),
    budget(100),
  );
});

/** What messages have that the API answers in another way: an end (`ending`), words (`text`), and advice by its sections. */
const OF_MESSAGES = ['allClear', 'cancelled', 'items', 'details'];

it('names every field of a publication as GraphQL does', () => {
  const schema = buildSchema(readFileSync(new URL('../../../schema/schema.graphql', import.meta.url), 'utf8'));
  fc.assert(
    fc.property(anyWhole, (document) => {
      const type = schema.getType(kindOf(document.kind).typeName) as GraphQLObjectType;
      const names = new Set([...Object.keys(type.getFields()), ...OF_MESSAGES]);
      const { publication } = bodyOf(document, 'UPDATED', []).data;
      expect(Object.keys(publication).filter((name) => !names.has(name))).toEqual([]);
    }),
    budget(60),
  );
});

it('tells the act that confirmed an order within the decision, and nowhere else', () => {
  const [closure] = fc.sample(anyClosure, { numRuns: 1, seed: 5 });
  const decision = {
    ...{ authority: 'MAYOR' as const, by: 'Le maire', form: 'ORAL_ORDER' as const, act: null, url: null, call: null },
    decidedAt: parisTime(new Date(NOW)),
  };
  const confirmation = { act: '2026-42', url: null, confirmedAt: decision.decidedAt, toldAt: decision.decidedAt };
  const body = bodyOf({ ...closure!, decision, confirmation }, 'DECISION_CONFIRMED', []);
  expect(body).toMatchObject({ type: 'publication.decision_confirmed', data: { change: 'DECISION_CONFIRMED' } });
  expect(body.data.publication).not.toHaveProperty('confirmation');
  expect(body.data.publication.decision).toMatchObject({ act: '2026-42', confirmedAt: decision.decidedAt });
  expect(body.data.publication.legalOrder).toMatchObject({ number: '2026-42' });
});

it('tells the event of a closure by its id, and the newest message of an alert by its identifier', () => {
  const bodies = fc.sample(anyWhole, { numRuns: 40, seed: 1 }).map((document) => ({
    document,
    publication: bodyOf(document, 'UPDATED', []).data.publication,
  }));
  for (const { document, publication } of bodies) {
    if (document.kind === 'CLOSURE')
      expect(publication.event).toEqual(document.eventId === null ? null : { id: document.eventId });
    if (document.kind === 'ALERT') expect(publication.capIdentifier).toBe(document.messages.at(-1)?.identifier);
    if (document.kind === 'AID_POINT') expect(publication.addressCommune).toBe(document.commune);
  }
  expect(new Set(bodies.map(({ document }) => document.kind)).size).toBe(6);
});

it('brings the post of every network that was asked for, but none of what is over by the clock', () => {
  fc.assert(
    fc.property(anyDocument, (document) => {
      const whole = wholeOf(document);
      const state = publicStateAt(whole, NOW);
      const { social } = bodyOf(whole, 'UPDATED', NETWORKS).data;
      expect(Object.keys(social)).toEqual([...NETWORKS]);
      for (const network of NETWORKS) {
        const { text, url } = makePost(whole, network, { ...setting, state });
        const over = state === 'ENDED' && !whole.allClear;
        if (over) expect(social[network]).toBeNull();
        else expect(social[network]).toMatchObject({ text, url });
      }
    }),
    budget(30),
  );
});

it('tells what left a filter as such, without a sound and without a post', () => {
  const [document] = fc.sample(
    anyDocument.filter(({ kind }) => kind !== 'ALERT'),
    { numRuns: 1, seed: 5 },
  ) as [PublicDocument];
  expect(bodyOf(document, 'UPDATED', ['X'], 'LEFT').data).toMatchObject({
    match: 'LEFT',
    ring: false,
    social: { X: null },
  });
  expect(bodyOf(document, 'UPDATED', [], 'STAYED').data).toMatchObject({ match: 'STAYED', ring: true });
});

it('is told without the post of a network for which the address of the hub leaves no room', () => {
  const [document] = fc.sample(
    anyDocument.filter((one) => one.kind === 'ADVICE' && publicStateAt(one, NOW) === 'IN_FORCE'),
    { numRuns: 1, seed: 3 },
  ) as [PublicDocument];
  const publicUrl = `https://${'tres-long.'.repeat(40)}example`;
  const body = changeBody(
    { entry: entryOf(document, 'PUBLISHED'), match: 'ENTERED', ring: true },
    { ...setting, publicUrl, networks: ['SMS', 'FACEBOOK'] },
  );
  expect(JSON.parse(body).data.social).toMatchObject({ SMS: null, FACEBOOK: { text: expect.any(String) } });
});
