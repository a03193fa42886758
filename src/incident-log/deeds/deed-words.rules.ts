import type { Stage } from '../../editorial/dossier/stage.rules.ts';
import { type SignatureNeed, signaturesInFrench } from '../../editorial/signatures/needs.rules.ts';
import type { Deed } from '../../office/audit.commands.ts';
import { beginningOf } from '../../publications/content/text/beginning.ts';
import { confirmationOf } from '../../publications/decision/confirmation.ts';
import { actIn } from '../../publications/decision/decision.words.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { kindOf } from '../../publications/kinds.ts';

/** A dossier as a deed left it. */
export interface DossierThen {
  stage: Stage;
  /** Of the revision that the deed was done to. */
  revision: number;
  /** In French. */
  headline: string;
  urgentReason: string | null;
  /** The signatures that an urgent publication lacks still. */
  missing: readonly SignatureNeed[];
  /** As it was public then; null where nothing was. */
  document: PublicDocument | null;
}

type Words = string | ((then: DossierThen) => string | null);

const published = ({ stage, revision }: DossierThen): string => {
  if (stage === 'SCHEDULED') return 'Publication programmée';
  if (stage === 'APPROVED') return 'Publication programmée impossible, une signature manque';
  if (stage !== 'PUBLISHED') return 'Publication programmée impossible, renvoyé aux rédacteurs';
  return revision > 1 ? `Révision ${revision} publiée` : 'Publié';
};

const confirmed = ({ document }: DossierThen): string | null => {
  const confirmation = document && confirmationOf(document);
  return confirmation && `Ordre oral confirmé : ${actIn(confirmation.act, 'fr')}`;
};

/** The deeds on dossiers that leave a line, in the words of staff. Savings of drafts, comments and readings leave none. */
const WORDS: Partial<Record<Deed['action'], Words>> = {
  submitDossier: 'Soumis aux validateurs',
  requestDossierChanges: 'Renvoyé aux rédacteurs',
  approveDossier: 'Approuvé',
  publishDossier: published,
  SCHEDULED: published,
  publishDossierUrgently: ({ urgentReason, missing }) =>
    `Publié en urgence, sans ${missing.length > 0 ? signaturesInFrench(missing) : 'approbation'}${motive(urgentReason)}`,
  cosignDossier: ({ missing }) =>
    `Cosigné${missing.length > 0 ? `, il manque encore ${signaturesInFrench(missing)}` : ''}`,
  verifyPublication: 'Confirmé',
  confirmDecision: confirmed,
  observeClosure: ({ document }) => (document && kindOf(document.kind).observation?.seen(document)?.words) ?? null,
  cancelPublication: ({ document }) => `Annulé${motive(document?.cancelled?.reason)}`,
  giveAllClear: 'Déclaré terminé',
  ENDED: 'Terminé à l’échéance',
};

/** These are done to what is public, whatever is in hand beside it. */
const ON_WHAT_IS_PUBLIC: ReadonlySet<Deed['action']> = new Set([
  'publishDossierUrgently',
  'cosignDossier',
  'verifyPublication',
  'confirmDecision',
  'observeClosure',
  'cancelPublication',
  'giveAllClear',
  'ENDED',
]);

export const isOnWhatIsPublic = (action: Deed['action']): boolean => ON_WHAT_IS_PUBLIC.has(action);
export const isToldOfDossiers = (action: Deed['action']): boolean => WORDS[action] !== undefined;
/** Of an urgent publication nobody had looked at the words before. */
export const isImportant = (action: Deed['action']): boolean => action === 'publishDossierUrgently';

/** The line about a deed on a dossier; null for one that leaves none. */
export function deedText(action: Deed['action'], then: DossierThen): string | null {
  const words = WORDS[action];
  const said = typeof words === 'function' ? words(then) : (words ?? null);
  return said && `${said} – « ${then.headline} »`;
}

export const ESCALATED = 'Signalement porté à l’attention du bureau';

const LONGEST_MOTIVE = 500;

/** The words behind a deed that say why; none without a reason. */
export function motive(reason: string | null | undefined): string {
  if (!reason) return '';
  const cut = reason.length <= LONGEST_MOTIVE ? reason : `${beginningOf(reason, LONGEST_MOTIVE)}…`;
  return `, motif : ${cut}`;
}
