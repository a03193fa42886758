import { instant } from '../../clock.ts';
import { htmlFinding, type LintFinding } from '../content/lint.rules.ts';
import { holdsHtml } from '../content/text/plain-text.ts';
import type { ConfirmedOrder } from '../decision/confirmation.ts';
import { lintDecision } from '../decision/decision.rules.ts';
import type { AlertContent } from './alert.content.ts';

const DAY = 24 * 3600_000;
const SOON = 30 * 60_000;

/** How long an alert may last from its onset (or from now) to its expiry: 24 h when EXTREME, else seven days (I-07). */
export const longestAlert = (severity: AlertContent['severity']): number => (severity === 'EXTREME' ? DAY : 7 * DAY);

function duration(content: AlertContent, now: Date): LintFinding[] {
  const end = instant(content.expiresAt);
  const start = Math.max(now.getTime(), content.onsetAt ? instant(content.onsetAt) : 0);
  if (end <= now.getTime())
    return [{ rule: 'I-07', level: 'ERROR', path: 'endsAt', message: 'La fin de l’alerte est déjà passée.' }];
  if (end - now.getTime() <= SOON)
    return [
      {
        rule: 'I-16',
        level: 'WARNING',
        path: 'endsAt',
        message: 'L’alerte expire dans moins de 30 minutes : renouvelez-la, levez-la ou laissez-la finir.',
      },
    ];
  if (end - start > longestAlert(content.severity))
    return [
      {
        rule: 'I-07',
        level: 'ERROR',
        path: 'endsAt',
        message:
          content.severity === 'EXTREME'
            ? 'Une alerte EXTREME dure au plus 24 heures : rapprochez la fin, puis renouvelez-la.'
            : 'Une alerte dure au plus sept jours : rapprochez la fin, puis renouvelez-la.',
      },
    ];
  return [];
}

function completeness(content: AlertContent): LintFinding[] {
  const findings: LintFinding[] = [];
  content.texts.forEach((text, index) => {
    if (!text.instruction)
      findings.push({
        rule: 'C16',
        level: 'WARNING',
        path: `texts.${index}.instruction`,
        message: 'Dites aux habitants ce qu’ils doivent faire.',
      });
  });
  if (content.responseTypes.length === 0)
    findings.push({
      rule: 'C16',
      level: 'WARNING',
      path: 'responseTypes',
      message: 'Indiquez au moins une conduite à tenir (responseType).',
    });
  if (!content.web)
    findings.push({
      rule: 'C14',
      level: 'ADVICE',
      path: 'infoUrl',
      message: 'Sans adresse web, le message CAP renverra vers la page de l’alerte.',
    });
  if (!content.contact)
    findings.push({ rule: 'C16', level: 'ADVICE', path: 'contact', message: 'Indiquez un contact pour le public.' });
  for (const field of ['urgency', 'severity', 'certainty'] as const) {
    if (content[field] === 'UNKNOWN')
      findings.push({ rule: 'C16', level: 'WARNING', path: field, message: 'Évitez « inconnu » : estimez au mieux.' });
  }
  return findings;
}

/** What a CAP message must hold: an area of points that enclose something, and a contact in plain text. */
function carriage({ areas, contact }: AlertContent): LintFinding[] {
  const shapeless = areas.flatMap(({ geometry, communes }, index): LintFinding[] =>
    communes.length > 0 || geometry?.type === 'Polygon' || geometry?.type === 'MultiPolygon'
      ? []
      : [
          {
            rule: 'C14',
            level: 'ERROR',
            path: `areas.${index}.geometry`,
            message:
              'Nommez des communes ou dessinez une surface : un point ou une ligne hors de l’Essonne ne suffit pas.',
          },
        ],
  );
  return holdsHtml(contact ?? '') ? [...shapeless, htmlFinding('contact')] : shapeless;
}

/** Responses that take people's homes or their freedom to leave them: the mayor's or the prefect's to order. */
const ORDERED: readonly AlertContent['responseTypes'][number][] = ['EVACUATE', 'SHELTER'];

/** An alert names the authority behind what it orders (D01). Relayed words are their source's to answer for. */
function authority({ decision, responseTypes, severity, source }: AlertContent): LintFinding[] {
  if (source.relayed) return [];
  const fault = (message: string): LintFinding[] => [{ rule: 'D01', level: 'ERROR', path: 'decision', message }];
  const orders = responseTypes.some((type) => ORDERED.includes(type));
  if (orders && decision?.authority !== 'MAYOR' && decision?.authority !== 'PREFECT')
    return fault(
      'Évacuer ou se mettre à l’abri s’ordonne : nommez le maire ou le préfet, son arrêté ou son ordre, et l’heure.',
    );
  if (severity === 'EXTREME' && !decision)
    return fault('Une alerte EXTREME nomme qui l’a décidée : autorité, arrêté ou ordre, et heure.');
  return [];
}

/** Forces at a road may close it, and order nothing else (D02). */
const ofRoadsAlone = ({ decision }: AlertContent): LintFinding[] =>
  decision?.authority === 'FORCES_ON_SITE'
    ? [
        {
          rule: 'D02',
          level: 'ERROR',
          path: 'decision.authority',
          message: 'Les forces sur place ne décident que des fermetures de routes : nommez le maire ou le préfet.',
        },
      ]
    : [];

export const lintAlert = (content: AlertContent, now: Date, confirmed?: ConfirmedOrder | null): LintFinding[] => [
  ...duration(content, now),
  ...completeness(content),
  ...carriage(content),
  ...authority(content),
  ...lintDecision(content, now, confirmed),
  ...ofRoadsAlone(content),
];
