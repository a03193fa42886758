import { instant } from '../../../clock.ts';
import type { LintFinding } from '../../../publications/content/lint.rules.ts';
import type { XmlElement } from '../../../xml/tree.ts';
import { triplet } from '../message.ts';
import { capChildren, capText } from '../tree.ts';
import { type CapContext, finding } from './finding.ts';

const DRILL = /^(EXERCICE|EXERCISE|TEST)\b/;

/** C02, C04 to C07, C17: the sender, the messages that this one refers to, and whether it is meant in earnest. */
export const lintHead = (alert: XmlElement, context: CapContext): LintFinding[] => [
  ...names(alert, context),
  ...references(alert, context),
  ...drill(alert),
];

function names(alert: XmlElement, { earlier }: CapContext): LintFinding[] {
  const identifier = capText(alert, 'identifier');
  const faulty = ['identifier', 'sender'].filter((name) => !/^[^\s,<&]+$/.test(capText(alert, name) ?? ''));
  return [
    ...faulty.map((name) => finding('C02', name, `${name} ne peut contenir ni espace, ni virgule, ni < ni &.`)),
    ...(earlier.some((message) => message.identifier === identifier)
      ? [finding('C02', 'identifier', 'Cet identifiant a déjà servi.')]
      : []),
  ];
}

function references(alert: XmlElement, { earlier }: CapContext): LintFinding[] {
  const type = capText(alert, 'msgType') ?? '';
  const named = (capText(alert, 'references') ?? '').split(/\s+/).filter((text) => text !== '');
  if (type === 'Alert')
    return named.length > 0 ? [finding('C05', 'references', 'Un message Alert ne renvoie à aucun autre.')] : [];
  if (named.length === 0) return [finding('C04', 'references', `Un message ${type} renvoie à ceux qu’il remplace.`)];
  const sent = instant(capText(alert, 'sent') ?? '');
  const known = new Set(earlier.map(triplet));
  const unknown = named.filter((reference) => !known.has(reference));
  const forgotten = earlier.filter(
    (message) => instant(message.expires) > sent && !named.some((reference) => reference.includes(message.identifier)),
  );
  return [
    ...unknown.map((reference) =>
      finding('C06', 'references', `« ${reference} » n’est pas expéditeur,identifiant,date d’un message du fil.`),
    ),
    ...forgotten.map(({ identifier }) =>
      finding('C07', 'references', `Le message ${identifier}, encore en vigueur, n’est pas cité.`),
    ),
  ];
}

/** An exercise or a test that looks like an alert would frighten people (I-10). */
function drill(alert: XmlElement): LintFinding[] {
  const status = capText(alert, 'status');
  if (status === 'Actual') return [];
  if (status !== 'Exercise' && status !== 'Test')
    return [finding('C17', 'status', 'Le public ne reçoit que des messages réels, des exercices et des tests.')];
  const unmarked = capChildren(alert, 'info').flatMap((info, index) =>
    DRILL.test(capText(info, 'headline') ?? '')
      ? []
      : [
          finding(
            'C17',
            `info.${index}.headline`,
            'Le titre d’un exercice ou d’un test commence par EXERCICE ou TEST.',
          ),
        ],
  );
  return capText(alert, 'note')
    ? unmarked
    : [...unmarked, finding('C17', 'note', 'Un exercice ou un test le dit dans une note.')];
}
