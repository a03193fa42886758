import { until } from '../../../../src/development/embedded/processes.ts';
import { alertInput, openIncident, publishNew } from '../../../support/desk/desk.ts';
import { PATIENCE_MS } from '../../../support/patience.ts';
import { type Cells, cell, codeIn, type MatrixDesk } from './desk.ts';
import { dossierAt } from './dossier-cells.ts';
import { Following } from './following.ts';
import { page } from './report-cells.ts';
import { CALLERS, type Caller, DOSSIER_STAGES, type DossierStage, hears, isShown, PUBLIC_READS } from './right.ts';

type May = Parameters<typeof hears>[3];
const STAGES = DOSSIER_STAGES.filter((stage) => stage !== 'ABSENT');

/** A word for each stage that no other text holds. The words of a revision in hand are others than those of what is public. */
const WORDS: Record<(typeof STAGES)[number], string> = {
  DRAFT: 'azalées',
  IN_REVIEW: 'bégonias',
  CHANGES_REQUESTED: 'camélias',
  APPROVED: 'dahlias',
  SCHEDULED: 'edelweiss',
  PUBLISHED: 'fuchsias',
  URGENT: 'glaïeuls',
  REVISED: 'hortensias',
  ABANDONED: 'iris',
  CANCELLED: 'jonquilles',
  CLEARED: 'kalmias',
};
const IN_HAND = 'lavandes';
const FIRST = 'narcisses';
const LAST = 'mimosas';
const WORD_IN_HAND = 'REVISED in hand';
const TOLD = [...STAGES, WORD_IN_HAND] as const;
const wordOf = (told: string): string => (told === WORD_IN_HAND ? IN_HAND : WORDS[told as keyof typeof WORDS]);

const wording = (word: string): object => ({
  texts: [
    {
      language: 'fr-FR',
      headline: `L’Yvette déborde rue des ${word} à Longjumeau`,
      description: 'Le bas de la ville est inondé.',
      instruction: 'Éloignez-vous des berges.',
    },
  ],
});

const TEXT = 'text { headline }';
const LISTS: Record<string, string> = {
  publications: `{ publications(first: 100) { nodes { ${TEXT} } } }`,
  alerts: `{ alerts(first: 100) { nodes { ${TEXT} } } }`,
  situation: `{ situation(place: { commune: "91345" }) { alerts { ${TEXT} } } }`,
  situations: `{ situations(places: [{ commune: "91345" }]) { alerts { ${TEXT} } } }`,
  incident: `{ incident(slug: "crue") { publications { ${TEXT} } } }`,
  socialPosts: '{ socialPosts(network: X, first: 100) { nodes { text } } }',
  changes: `query ($after: Cursor) { changes(after: $after, first: 300) { nodes { publication { ${TEXT} } } } }`,
};
const ONE: Record<string, string> = {
  publication: `query ($id: ID!) { publication(id: $id) { ${TEXT} } }`,
  relayKit: 'query ($id: ID!) { publication(id: $id) { relayKit { short title body spoken } } }',
};

/** What the public is told at each stage, word for word; what is in hand it never is. */
export const rightPublicReads = (may?: May): Cells =>
  new Map(
    CALLERS.flatMap((caller) =>
      TOLD.flatMap((told) => [
        ...Object.keys(PUBLIC_READS).map(
          (read) => [cell(read, told, caller), isShown(read, told === WORD_IN_HAND ? 'DRAFT' : told, caller)] as const,
        ),
        ...(['changes', 'deskChanges'] as const).flatMap((field) =>
          ['WebSocket', 'SSE'].map(
            (door) => [cell(`${field} by ${door}`, told, caller), heardOf(field, told, caller, may)] as const,
          ),
        ),
      ]),
    ),
  );

const heardOf = (field: 'changes' | 'deskChanges', told: string, caller: Caller, may?: May): string =>
  told === WORD_IN_HAND
    ? hears(field, field === 'changes' ? 'DRAFT' : 'REVISED', caller, may)
    : hears(field, told as DossierStage, caller, may);

/** Lets everybody follow while an alert comes to each stage, then read all that the public can, with their tokens. */
export async function findPublicReads(desk: MatrixDesk): Promise<Cells> {
  const found: Cells = new Map();
  const { hub } = desk;
  const { changes } = await hub
    .as()
    .request<{ changes: { pageInfo: { endCursor: string } } }>('{ changes { pageInfo { endCursor } } }');
  const followers = await Following.ofAll(desk);
  // A subscription begins some time after it was asked for: said again until everybody has heard it, or was refused.
  const begun = async () => {
    await publishNew(hub, 'Alert', alertInput(wording(FIRST)));
    return followers.every((follower) => follower.has(FIRST));
  };
  if (!(await until(begun, PATIENCE_MS))) throw new Error('somebody does not follow');
  const incidentId = await openIncident(hub, 'crue');
  const ids = new Map<string, string>();
  for (const stage of STAGES) {
    const words: [object, object] = [{ ...wording(WORDS[stage]), incidentId }, wording(IN_HAND)];
    ids.set(stage, (await dossierAt(hub, stage, 'Alert', words)).id);
  }
  await publishNew(hub, 'Alert', alertInput(wording(LAST)));
  for (const caller of CALLERS) {
    for (const [read, shown] of await readAll(desk, caller, changes.pageInfo.endCursor, ids))
      for (const told of TOLD) found.set(cell(read, told, caller), shown(told));
  }
  for (const follower of followers) {
    const heard = await follower.until(LAST);
    for (const told of TOLD)
      found.set(
        cell(follower.name, told, follower.caller),
        'code' in heard ? heard.code : heard.text.includes(wordOf(told)) ? 'heard' : 'not heard',
      );
    await follower.end();
  }
  return found;
}

type Shown = [read: string, shown: (told: string) => string];
const shownIf = (is: boolean): string => (is ? 'shown' : 'hidden');

/** All that the public reads, as a caller: of each, whether it shows what an alert says. */
async function readAll(
  desk: MatrixDesk,
  caller: Caller,
  after: string,
  ids: ReadonlyMap<string, string>,
): Promise<Shown[]> {
  const shown: Shown[] = [];
  const holds = (text: string) => (told: string) => codeIn(text) ?? shownIf(text.includes(wordOf(told)));
  for (const [read, query] of Object.entries(LISTS)) {
    const answer = await desk.answer(caller, query, read === 'changes' ? { after } : {});
    shown.push([read, holds(JSON.stringify(answer))]);
  }
  for (const read of Object.keys(PUBLIC_READS).filter((path) => path.startsWith('/'))) {
    if (read.includes('{id}')) shown.push([read, await pagesOf(desk, caller, read, ids)]);
    else {
      const path = read.replace('commune=', 'commune=91345');
      const { status, text } = await page(desk, caller, path);
      if (status !== 200) throw new Error(`${path} answered ${status}`);
      shown.push([read, holds(text)]);
    }
  }
  for (const [read, query] of Object.entries(ONE)) {
    const one = new Map<string, string>();
    for (const [stage, id] of ids) one.set(stage, JSON.stringify(await desk.answer(caller, query, { id })));
    shown.push([read, (told) => holds(one.get(stageOf(told)) ?? '')(told)]);
  }
  return shown;
}

const stageOf = (told: string): string => (told === WORD_IN_HAND ? 'REVISED' : told);

/** The pages of each alert: those that are there, and say what it says. Of a picture it is enough that it is there. */
async function pagesOf(
  desk: MatrixDesk,
  caller: Caller,
  read: string,
  ids: ReadonlyMap<string, string>,
): Promise<(told: string) => string> {
  const pages = new Map<string, { status: number; text: string }>();
  for (const [stage, id] of ids) pages.set(stage, await page(desk, caller, read.replace('{id}', id)));
  const isPicture = read.endsWith('.png');
  return (told) => {
    const { status, text } = pages.get(stageOf(told)) ?? { status: 0, text: '' };
    return shownIf(status === 200 && (isPicture ? told !== WORD_IN_HAND : text.includes(wordOf(told))));
  };
}
