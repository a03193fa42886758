/**
 * The stages of a dossier, and what leads from one to the next:
 *
 *   – ─draft→ DRAFT ─submitDossier→ IN_REVIEW ─approveDossier→ APPROVED ─publishDossier→ PUBLISHED
 *                ▲                      │                        │ └─publishDossier(at)→ SCHEDULED ─timekeeper→ PUBLISHED
 *                │            requestDossierChanges              │                           │
 *                │                      ▼                        │                           │
 *                ├───────────── CHANGES_REQUESTED ─submitDossier→ IN_REVIEW                  │
 *                └──revise (voids the approvals), from any stage before publication ─────────┘
 *
 *   DRAFT, IN_REVIEW ─publishDossierUrgently→ PUBLISHED   (a duty officer, alone; to be cosigned)
 *   PUBLISHED ─revise→ DRAFT                              (the public revision stays live beside the working one)
 *   any before publication ─abandonDossier→ ABANDONED     (with a live revision: back to PUBLISHED)
 *
 * APPROVED says that enough people approved. Rules of signature may ask for more: while a signature is missing, nothing is
 * published but urgently; from APPROVED and SCHEDULED too, approveDossier adds a signature then, requestDossierChanges sends
 * back, and publishDossierUrgently publishes without, as it does where a signer has sent back.
 */
export const STAGES = [
  'DRAFT',
  'IN_REVIEW',
  'CHANGES_REQUESTED',
  'APPROVED',
  'SCHEDULED',
  'PUBLISHED',
  'ABANDONED',
] as const;
export type Stage = (typeof STAGES)[number];

export const TRANSITIONS = {
  revise: ['DRAFT', 'IN_REVIEW', 'CHANGES_REQUESTED', 'APPROVED', 'SCHEDULED', 'PUBLISHED'],
  submitDossier: ['DRAFT', 'CHANGES_REQUESTED'],
  requestDossierChanges: ['IN_REVIEW'],
  approveDossier: ['IN_REVIEW'],
  publishDossier: ['APPROVED', 'SCHEDULED'],
  publishDossierUrgently: ['DRAFT', 'IN_REVIEW'],
  abandonDossier: ['DRAFT', 'IN_REVIEW', 'CHANGES_REQUESTED', 'APPROVED', 'SCHEDULED'],
} as const satisfies Record<string, readonly Stage[]>;
export type Transition = keyof typeof TRANSITIONS;

/** Where transitions may start besides, while a signature is missing: no signer who sends back holds an evacuation back either. */
const WHERE_SIGNATURES_LACK = {
  approveDossier: ['APPROVED', 'SCHEDULED'],
  requestDossierChanges: ['APPROVED', 'SCHEDULED'],
  publishDossierUrgently: ['APPROVED', 'SCHEDULED', 'CHANGES_REQUESTED'],
} as const satisfies Partial<Record<Transition, readonly Stage[]>>;
export type Signing = keyof typeof WHERE_SIGNATURES_LACK;

/** Whether a transition may start at a stage because signatures are `missing`. */
export const leadsFromLacking = (transition: Signing, stage: Stage, missing: readonly object[]): boolean =>
  missing.length > 0 && (WHERE_SIGNATURES_LACK[transition] as readonly Stage[]).includes(stage);

/** Whether a transition may start at a stage. */
export const leadsFrom = (transition: Transition, stage: Stage): boolean =>
  (TRANSITIONS[transition] as readonly Stage[]).includes(stage);

/** How many people beside the editors must approve before publication. */
export const approvalsNeeded = (severity: string | null): number => (severity === 'EXTREME' ? 2 : 1);
