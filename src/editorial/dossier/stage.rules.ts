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

/** Whether a transition may start at a stage. */
export const leadsFrom = (transition: Transition, stage: Stage): boolean =>
  (TRANSITIONS[transition] as readonly Stage[]).includes(stage);

/** How many people beside the editors must approve before publication. */
export const approvalsNeeded = (severity: string | null): number => (severity === 'EXTREME' ? 2 : 1);
