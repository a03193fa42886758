import { instant } from '../../clock.ts';
import { type Content, frenchText } from '../content/content.ts';
import { htmlFinding, type LintFinding } from '../content/lint.rules.ts';
import { holdsHtml } from '../content/text/plain-text.ts';
import { type ConfirmedOrder, isSameOrder, oralOrderOf } from './confirmation.ts';
import type { Authority, Decided, Decision } from './decision.content.ts';

/** How long the desk may wait for the written act behind an oral order before it is reminded. */
export const TO_BE_CONFIRMED_MS = 24 * 3600_000;

type DecidedContent = Content & Decided;

/**
 * The findings on a decision that is named (D02 to D06), beside the order of its thread that was confirmed, if one was. Whether
 * a decision must be named is each kind's to say.
 */
export function lintDecision(content: DecidedContent, now: Date, known: ConfirmedOrder | null = null): LintFinding[] {
  const { decision } = content;
  if (!decision) return [];
  const isConfirmed = isSameOrder(oralOrderOf(content), known?.order ?? null);
  return [
    ...formFaults(decision),
    ...timeFaults(decision, now),
    ...doubts(content, decision),
    ...(isConfirmed ? [] : wait(decision, now)),
    ...(known ? contradiction(decision, known) : []),
  ];
}

const fault = (path: string, message: string): LintFinding => ({
  rule: 'D02',
  level: 'ERROR',
  path: `decision.${path}`,
  message,
});

/** A voice on the telephone is anybody's, and an act without a name cannot be looked up. */
function formFaults({ form, act, by, call }: Decision): LintFinding[] {
  const findings: LintFinding[] = [];
  if (form === 'WRITTEN_ACT' && act === null) findings.push(fault('act', 'Indiquez le numéro de l’arrêté.'));
  if (form === 'ORAL_ORDER' && !call?.calledBackAt && !call?.whyNotCalledBack)
    findings.push(
      fault('call', 'Rappelez l’autorité à un numéro connu et notez l’heure, ou dites pourquoi personne n’a rappelé.'),
    );
  for (const [path, text] of Object.entries({ by, act: act ?? '' }))
    if (holdsHtml(text)) findings.push(htmlFinding(`decision.${path}`));
  return findings;
}

/** Nothing was decided, heard or called back later than now, and nobody is called back before he called. */
function timeFaults({ decidedAt, call }: Decision, now: Date): LintFinding[] {
  const told: [path: string, at: string | null][] = [
    ['decidedAt', decidedAt],
    ['call.heardAt', call?.heardAt ?? null],
    ['call.calledBackAt', call?.calledBackAt ?? null],
  ];
  const findings = told
    .filter(([, at]) => at !== null && instant(at) > now.getTime())
    .map(([path]) => fault(path, 'Cette heure n’est pas encore passée.'));
  if (call?.calledBackAt && instant(call.calledBackAt) < instant(call.heardAt))
    findings.push(fault('call.calledBackAt', 'Le rappel vient après l’appel : vérifiez les heures.'));
  return findings;
}

/** The words by which French texts name the authority behind an act. */
const NAMED: readonly [words: RegExp, authority: Authority][] = [
  [/arrêtés? (?:préfectora(?:l|ux)|d[ue] (?:la )?préf[eè]t)/iu, 'PREFECT'],
  [/arrêtés? (?:municipa(?:l|ux)|d[ue] (?:la )?maire)/iu, 'MAYOR'],
  [/arrêtés? départementa(?:l|ux)/iu, 'DEPARTEMENT_PRESIDENT'],
  [/arrêtés? (?:inter)?ministériels?/iu, 'MINISTER'],
];

/** Authorities that can be right and often are not: a person looks once more. */
function doubts(content: DecidedContent, { authority }: Decision): LintFinding[] {
  const findings: LintFinding[] = [];
  const communes = new Set(content.areas.flatMap(({ communes: codes }) => codes));
  if (authority === 'MAYOR' && communes.size > 1)
    findings.push({
      rule: 'D03',
      level: 'WARNING',
      path: 'decision.authority',
      message: `Un maire décide pour sa commune : ici, ${communes.size} communes sont touchées. Est-ce le préfet ?`,
    });
  const { headline, description, instruction } = frenchText(content);
  const words = `${headline}\n${description}\n${instruction ?? ''}`;
  const named = NAMED.filter(([pattern]) => pattern.test(words)).map(([, other]) => other);
  if (named.length > 0 && !named.includes(authority))
    findings.push({
      rule: 'D04',
      level: 'WARNING',
      path: 'decision.authority',
      message: 'Le texte nomme une autre autorité : vérifiez laquelle.',
    });
  return findings;
}

function wait({ form, decidedAt }: Decision, now: Date): LintFinding[] {
  if (form !== 'ORAL_ORDER' || now.getTime() - instant(decidedAt) < TO_BE_CONFIRMED_MS) return [];
  return [
    {
      rule: 'D05',
      level: 'WARNING',
      path: 'decision.form',
      message:
        'Cet ordre oral attend son arrêté depuis plus de 24 heures : demandez-le, puis confirmez l’ordre, ou publiez une révision qui nomme l’arrêté.',
    },
  ];
}

/** The same authority confirmed its order by one act, and the text names another one. */
function contradiction({ authority, act }: Decision, confirmed: ConfirmedOrder): LintFinding[] {
  if (act === null || act === confirmed.act || authority !== confirmed.order.authority) return [];
  return [
    {
      rule: 'D06',
      level: 'WARNING',
      path: 'decision.act',
      message: `L’ordre a été confirmé par « ${confirmed.act} », et le texte nomme un autre acte : vérifiez lequel.`,
    },
  ];
}
