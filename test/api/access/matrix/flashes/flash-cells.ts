import { answerFlash, flashReport, submitted, withdrawFlash } from '../../../../support/crisis-cell/flash-desk.ts';
import { type Call, type Cells, call, cell, type MatrixDesk } from '../desk.ts';
import { NOTHING } from '../dossier-cells.ts';
import { rightOf } from '../machine-cells.ts';
import { CALLERS, FLASH_DEEDS, FLASH_STAGES, type FlashStage, flashDeedEnds, type MAY } from '../right.ts';

export const rightFlashes = (may?: typeof MAY): Cells => rightOf(FLASH_DEEDS, FLASH_STAGES, flashDeedEnds, may);

interface Found {
  report: string;
  flash: string;
}

async function flashAt({ hub }: MatrixDesk, stage: FlashStage): Promise<Found> {
  if (stage === 'ABSENT') return { report: NOTHING, flash: NOTHING };
  const report = await submitted(hub);
  if (stage === 'NONE') return { report, flash: NOTHING };
  const { id } = await flashReport(hub, 'checker', { report });
  if (stage === 'ANSWERED') await answerFlash(hub, 'duty', id);
  if (stage === 'WITHDRAWN') await withdrawFlash(hub, 'checker', id);
  return { report, flash: id };
}

function deedOn(field: string, { report, flash }: Found): Call {
  const id: Call['given'] = { id: ['ID!', flash] };
  switch (field) {
    case 'flash':
      return { field, kind: 'query', given: id };
    case 'flashReport':
      return {
        field,
        given: {
          report: ['ID!', report],
          what: ['String!', 'Une personne sur un toit'],
          place: ['String!', 'Longjumeau, rue de Paris'],
          emergencyCalled: ['EmergencyCalled!', 'BY_US'],
        },
      };
    case 'answerFlash':
      return { field, given: { ...id, answer: ['FlashAnswer!', 'TAKEN'] } };
    default:
      return { field, given: { ...id, reason: ['String!', 'Erreur'] } };
  }
}

/** Tries each deed on a flash at each stage as everybody. What a deed was done to is replaced by another. */
export async function findFlashes(desk: MatrixDesk): Promise<Cells> {
  const found: Cells = new Map();
  for (const stage of FLASH_STAGES) {
    let kept: Found | undefined;
    for (const field of FLASH_DEEDS)
      for (const caller of CALLERS) {
        const about: Found = kept ?? (await flashAt(desk, stage));
        const end = await call(desk, caller, deedOn(field, about));
        kept = end === 'done' && field !== 'flash' ? undefined : about;
        found.set(cell(field, stage, caller), end);
      }
  }
  return found;
}
