import { instant } from '../../clock.ts';
import { FRENCH } from '../content/language.rules.ts';
import { htmlFinding, type LintFinding } from '../content/lint.rules.ts';
import { holdsHtml } from '../content/text/plain-text.ts';
import type { AidPointContent, AidPointDetails } from './aid-point.content.ts';

export const lintAidPoint = (content: AidPointContent, now: Date): LintFinding[] => [
  ...times(content, now),
  ...donations(content),
  ...languages(content),
  ...plainly(content),
];

function times({ closesAt, details }: AidPointContent, now: Date): LintFinding[] {
  const french = frenchAt(details);
  return [
    ...(closesAt !== null && instant(closesAt) <= now.getTime()
      ? [{ rule: 'I-07', level: 'ERROR' as const, path: 'endsAt', message: 'La fermeture du lieu est déjà passée.' }]
      : []),
    ...(details[french]?.openingHours
      ? []
      : [
          {
            rule: 'P01',
            level: 'WARNING' as const,
            path: `details.${french}.openingHours`,
            message: 'Indiquez les horaires d’ouverture, même « jour et nuit ».',
          },
        ]),
  ];
}

const frenchAt = (details: readonly AidPointDetails[]): number =>
  details.findIndex(({ language }) => language === FRENCH);

/** A call for donations that names nothing fills halls with clothes that nobody needs. */
function donations({ purposes, details }: AidPointContent): LintFinding[] {
  const calls = purposes.includes('DONATIONS');
  const french = frenchAt(details);
  if (calls && !details[french]?.wanted.length)
    return [
      {
        rule: 'P02',
        level: 'ERROR',
        path: `details.${french}.wanted`,
        message: 'Dites quels dons sont utiles : sans liste, chacun apporte ce qu’il a.',
      },
    ];
  return details.flatMap(({ wanted, unwanted }, index): LintFinding[] => [
    ...(calls || wanted.length + unwanted.length === 0
      ? []
      : [
          {
            rule: 'P02',
            level: 'WARNING' as const,
            path: `details.${index}.wanted`,
            message: 'Des dons sont nommés, mais le lieu ne collecte pas de dons : ajoutez ce but.',
          },
        ]),
    ...unwanted.flatMap((thing, at) =>
      wanted.includes(thing)
        ? [
            {
              rule: 'P03',
              level: 'ERROR' as const,
              path: `details.${index}.unwanted.${at}`,
              message: `« ${thing} » est à la fois demandé et refusé.`,
            },
          ]
        : [],
    ),
  ]);
}

function languages({ texts, details }: AidPointContent): LintFinding[] {
  const known = new Set(texts.map(({ language }) => language));
  return details.flatMap(({ language }, index) =>
    known.has(language)
      ? []
      : [
          {
            rule: 'A02',
            level: 'WARNING' as const,
            path: `details.${index}.language`,
            message: `Les précisions en « ${language} » n’ont pas de texte dans cette langue.`,
          },
        ],
  );
}

function plainly({ place, address, details }: AidPointContent): LintFinding[] {
  const written: [path: string, text: string | null][] = [
    ['place', place],
    ['address', address],
    ...details.flatMap(
      ({ openingHours, audience, accessibility, wanted, unwanted }, index): [string, string | null][] => [
        [`details.${index}.openingHours`, openingHours],
        [`details.${index}.audience`, audience],
        [`details.${index}.accessibility`, accessibility],
        ...wanted.map((thing, at): [string, string] => [`details.${index}.wanted.${at}`, thing]),
        ...unwanted.map((thing, at): [string, string] => [`details.${index}.unwanted.${at}`, thing]),
      ],
    ),
  ];
  return written.flatMap(([path, text]) => (holdsHtml(text ?? '') ? [htmlFinding(path)] : []));
}
