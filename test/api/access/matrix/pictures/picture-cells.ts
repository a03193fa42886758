import { jpegOf, plantPicture } from '../../../../support/desk/picture-desk.ts';
import { type Cells, call, cell, codeIn, type MatrixDesk } from '../desk.ts';
import { NOTHING } from '../dossier-cells.ts';
import { reportIn } from '../report-cells.ts';
import {
  CALLERS,
  type Caller,
  PICTURE_ADDRESSES,
  PICTURE_DEEDS,
  PICTURE_STAGES,
  type PictureStage,
  pictureDeedEnds,
  refusalOf,
} from '../right.ts';

type May = Parameters<typeof pictureDeedEnds>[3];
const ADD = 'addPicture';

export const rightPictures = (may?: May): Cells =>
  new Map([
    ...CALLERS.map((caller) => [cell(ADD, 'anew', caller), refusalOf(ADD, caller, may) ?? 'done'] as const),
    ...PICTURE_DEEDS.flatMap((field) =>
      PICTURE_STAGES.flatMap((stage) =>
        CALLERS.map((caller) => [cell(field, stage, caller), pictureDeedEnds(field, stage, caller, may)] as const),
      ),
    ),
  ]);

/** Brings pictures, and looks at, gives away and erases one at each stage, as everybody. */
export async function findPictures(desk: MatrixDesk): Promise<Cells> {
  const found: Cells = new Map();
  const bytes = await jpegOf();
  const report = await reportIn(desk.hub, 'NEW');
  const accounts = await accountsOf(desk);
  for (const caller of CALLERS) {
    const body = { method: 'POST', body: new Uint8Array(bytes), headers: { 'content-type': 'image/jpeg' } };
    found.set(cell(ADD, 'anew', caller), await endOf(desk, caller, PICTURE_ADDRESSES.addPicture ?? '', body));
  }
  for (const field of PICTURE_DEEDS)
    for (const stage of PICTURE_STAGES)
      for (const caller of CALLERS) {
        const id = await pictureAt(desk, stage, { report, accounts, caller });
        found.set(cell(field, stage, caller), await deed(desk, caller, field, { id, report }));
      }
  return found;
}

/** The account of each caller who has one, by name; and of somebody who is no caller. */
async function accountsOf(desk: MatrixDesk): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const caller of CALLERS) {
    const { data } = await desk.answer(caller, '{ viewer { id } }');
    const viewer = data?.viewer as { id: string } | null | undefined;
    if (viewer) found.set(caller, viewer.id);
  }
  const { viewer } = await desk.hub.as('volunteer2').request<{ viewer: { id: string } }>('{ viewer { id } }');
  return found.set('ANOTHER', viewer.id);
}

interface Scene {
  report: string;
  accounts: ReadonlyMap<string, string>;
  caller: Caller;
}

function pictureAt(
  { databaseUrl }: MatrixDesk,
  stage: PictureStage,
  { report, accounts, caller }: Scene,
): Promise<string> | string {
  const another = accounts.get('ANOTHER') ?? '';
  const own = accounts.get(caller) ?? another;
  if (stage === 'ABSENT') return NOTHING;
  if (stage === 'OWN') return plantPicture(databaseUrl, { by: own });
  if (stage === 'ERASED') return plantPicture(databaseUrl, { by: own, erased: true });
  return plantPicture(databaseUrl, { by: another, report: stage === 'OF_REPORT' ? report : null });
}

async function deed(
  desk: MatrixDesk,
  caller: Caller,
  field: (typeof PICTURE_DEEDS)[number],
  { id, report }: { id: string; report: string },
): Promise<string> {
  if (field === 'readPictures')
    return endOf(desk, caller, (PICTURE_ADDRESSES.readPictures ?? '').replace('{id}', id), {});
  if (field === 'veilPicture') {
    const boxes = [{ x: 0, y: 0, width: 4, height: 4 }];
    return call(desk, caller, { field, given: { id: ['ID!', id], boxes: ['[PictureBoxInput!]!', boxes] } });
  }
  if (field === 'removePicture') return call(desk, caller, { field, given: { id: ['ID!', id] } });
  // Of its own, since a report has at most ten.
  const fresh = id === NOTHING ? report : await reportIn(desk.hub, 'NEW');
  return call(desk, caller, { field, given: { id: ['ID!', fresh], pictures: ['[ID!]!', [id]] } });
}

/** Asks at an address as a caller; answers `done`, or the code of the refusal. */
const endOf = (desk: MatrixDesk, caller: Caller, path: string, asked: RequestInit): Promise<string> =>
  desk.attempt(async () => {
    const headers = { ...desk.headers(caller), ...(asked.headers as Record<string, string> | undefined) };
    const answer = await fetch(`${desk.hub.url}${path}`, { ...asked, headers });
    const text = await answer.text();
    return answer.ok ? 'done' : (codeIn(text) ?? String(answer.status));
  });
