import { instant, parisTime } from '../../../clock.ts';
import type { LintFinding } from '../../../publications/content/lint.rules.ts';
import type { XmlElement } from '../../../xml/tree.ts';
import { capChildren, capText } from '../tree.ts';
import { finding } from './finding.ts';

/** C03, C12 to C16: times, addresses, languages, and the elements that an info needs to be of use. */
export function lintInfos(alert: XmlElement): LintFinding[] {
  const infos = capChildren(alert, 'info');
  return [
    ...times(alert, ['sent'], ''),
    ...infos.flatMap((info, index) => {
      const at = `info.${index}.`;
      return [
        ...times(info, ['effective', 'onset', 'expires'], at),
        ...addresses(info, at),
        ...order(alert, info, at),
        ...completeness(info, at),
      ];
    }),
    ...languages(infos),
    ...(infos.some(isUseful)
      ? []
      : [
          finding(
            'C14',
            'info',
            'Il faut au moins un texte avec description, web, expires et un polygone ou un cercle.',
          ),
        ]),
  ];
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$/;

function times(element: XmlElement, names: readonly string[], at: string): LintFinding[] {
  return names.flatMap((name) => {
    const text = capText(element, name);
    if (text === undefined || isParisTime(text)) return [];
    return [
      finding('C03', `${at}${name}`, `« ${text} » n’est pas une heure de Paris, à la seconde et avec son décalage.`),
    ];
  });
}

const isParisTime = (text: string): boolean =>
  MOMENT.test(text) && !Number.isNaN(instant(text)) && parisTime(new Date(text)) === text;

function addresses(info: XmlElement, at: string): LintFinding[] {
  const given = [
    ...capChildren(info, 'web').map(({ text }) => ['web', text] as const),
    ...capChildren(info, 'resource').map((resource) => ['resource.uri', capText(resource, 'uri')] as const),
  ];
  return given
    .filter(([, text]) => text !== undefined && !/^https?:$/.test(URL.parse(text)?.protocol ?? ''))
    .map(([name, text]) => finding('C12', `${at}${name}`, `« ${text} » n’est pas une adresse http ou https complète.`));
}

function languages(infos: readonly XmlElement[]): LintFinding[] {
  const facts = (info: XmlElement) =>
    JSON.stringify([
      capChildren(info, 'category').map(({ text }) => text),
      capChildren(info, 'eventCode').map((code) => [capText(code, 'valueName'), capText(code, 'value')]),
    ]);
  const first = infos[0] && facts(infos[0]);
  const seen = new Set<string>();
  const known = new Set<string>();
  return infos.flatMap((info, index) => {
    const language = capText(info, 'language');
    const words = capText(info, 'description') ?? '';
    const wrong = [
      ...(language ? [] : ['La langue manque : les lecteurs supposeraient l’anglais.']),
      ...(known.has(language ?? '') ? [`La langue ${language} figure deux fois.`] : []),
      ...(facts(info) === first ? [] : ['Toutes les langues portent les mêmes catégories et codes.']),
      ...(words !== '' && seen.has(words) ? ['Deux langues portent le même texte : traduisez-le ou retirez-le.'] : []),
    ];
    seen.add(words);
    known.add(language ?? '');
    return wrong.map((message) => finding('C13', `info.${index}`, message));
  });
}

const isUseful = (info: XmlElement): boolean =>
  ['description', 'web', 'expires'].every((name) => capText(info, name)) &&
  capChildren(info, 'area').some((area) => area.children.some(({ name }) => name === 'polygon' || name === 'circle'));

function order(alert: XmlElement, info: XmlElement, at: string): LintFinding[] {
  const moment = (element: XmlElement, name: string) => instant(capText(element, name) ?? '');
  const sent = moment(alert, 'sent');
  const [effective, onset, expires] = ['effective', 'onset', 'expires'].map((name) => moment(info, name));
  // A missing time is NaN, which compares with nothing.
  const wrong = [
    [(effective ?? 0) < sent, 'effective', 'La prise d’effet précède l’envoi.'],
    [(expires ?? 0) < sent, 'expires', 'La fin précède l’envoi.'],
    [(expires ?? 0) < (effective ?? 0), 'expires', 'La fin précède la prise d’effet.'],
    [(expires ?? 0) < (onset ?? 0), 'expires', 'La fin précède le début attendu.'],
  ] as const;
  return wrong.filter(([holds]) => holds).map(([, name, message]) => finding('C15', `${at}${name}`, message));
}

function completeness(info: XmlElement, at: string): LintFinding[] {
  const [headline = '', description, instruction] = ['headline', 'description', 'instruction'].map((name) =>
    capText(info, name),
  );
  const missing = ['senderName', 'contact', 'responseType', 'instruction'].filter((name) => !capText(info, name));
  const unknown = ['urgency', 'severity', 'certainty'].filter((name) => capText(info, name) === 'Unknown');
  const warn = (name: string, message: string) => finding('C16', `${at}${name}`, message, 'WARNING');
  return [
    ...([...headline].length > 140 ? [warn('headline', 'Le titre dépasse 140 caractères.')] : []),
    ...(headline === description || headline === instruction ? [warn('headline', 'Le titre répète le texte.')] : []),
    ...missing.map((name) => warn(name, `${name} manque.`)),
    ...unknown.map((name) => warn(name, 'Évitez « inconnu » : estimez au mieux.')),
  ];
}
