/**
 * The stages of a dossier, and what leads from one to the next:
 *
 *   – ─draft→ DRAFT ─submitForReview→ IN_REVIEW ─approve→ APPROVED ─publish→ PUBLISHED
 *                ▲                       │                   │ └─publish(at)→ SCHEDULED ─timekeeper→ PUBLISHED
 *                │                 requestChanges            │                    │
 *                │                       ▼                   │                    │
 *                ├──────────── CHANGES_REQUESTED ─submitForReview→ IN_REVIEW      │
 *                └──revise (voids the approvals), from any stage before publication
 *
 *   DRAFT, IN_REVIEW ─publishUrgently→ PUBLISHED   (a duty officer, alone; to be cosigned)
 *   PUBLISHED ─revise→ DRAFT                        (the public revision stays live beside the working one)
 *   any before publication ─abandon→ ABANDONED      (with a live revision: back to PUBLISHED)
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
  submitForReview: ['DRAFT', 'CHANGES_REQUESTED'],
  requestChanges: ['IN_REVIEW'],
  approve: ['IN_REVIEW'],
  publish: ['APPROVED', 'SCHEDULED'],
  publishUrgently: ['DRAFT', 'IN_REVIEW'],
  abandon: ['DRAFT', 'IN_REVIEW', 'CHANGES_REQUESTED', 'APPROVED', 'SCHEDULED'],
} as const satisfies Record<string, readonly Stage[]>;
export type Transition = keyof typeof TRANSITIONS;

/** Whether a transition may start at a stage. */
export const leadsFrom = (transition: Transition, stage: Stage): boolean =>
  (TRANSITIONS[transition] as readonly Stage[]).includes(stage);

/** How many people beside the editors must approve before publication. */
export const approvalsNeeded = (severity: string | null): number => (severity === 'EXTREME' ? 2 : 1);
