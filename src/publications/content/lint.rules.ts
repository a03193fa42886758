import { type Content, frenchText } from './content.ts';
import { FRENCH } from './language.rules.ts';
import { damageIn, textsIn } from './text/damage.rules.ts';
import { holdsHtml } from './text/plain-text.ts';
import { isOutdated } from './translations.rules.ts';

export const LINT_LEVELS = ['ERROR', 'WARNING', 'ADVICE'] as const;
export type LintLevel = (typeof LINT_LEVELS)[number];

/** One thing to mend: the rule's id, how bad, where (dotted path in the content) and a French sentence that helps. */
export interface LintFinding {
  rule: string;
  level: LintLevel;
  path: string;
  message: string;
}

const HEADLINE_LIMIT = 140;

/** An exercise or a test says so in its headline, in every language (I-10). */
function exerciseMarks(content: Content): LintFinding[] {
  if (content.mode === 'ACTUAL') return [];
  return content.texts.flatMap((text, index) =>
    /^(EXERCICE|EXERCISE|TEST)\b/.test(text.headline)
      ? []
      : [
          {
            rule: 'I-10',
            level: 'ERROR' as const,
            path: `texts.${index}.headline`,
            message: 'Le titre d’un exercice ou d’un test commence par EXERCICE ou TEST.',
          },
        ],
  );
}

function style(content: Content): LintFinding[] {
  const findings: LintFinding[] = [];
  content.texts.forEach((text, index) => {
    const at = (field: string) => `texts.${index}.${field}`;
    if ([...text.headline].length > HEADLINE_LIMIT)
      findings.push({
        rule: 'C16',
        level: 'WARNING',
        path: at('headline'),
        message: `Le titre dépasse ${HEADLINE_LIMIT} caractères : raccourcissez-le, il sera coupé sur les téléphones.`,
      });
    if (text.description === text.headline)
      findings.push({
        rule: 'C16',
        level: 'WARNING',
        path: at('description'),
        message: 'La description répète le titre : dites ce qui se passe, où et jusqu’à quand.',
      });
    for (const field of PARTS) if (holdsHtml(text[field] ?? '')) findings.push(htmlFinding(at(field)));
  });
  return findings;
}

/** What stands beside the texts is read as plain text too. */
function names({ areas, source }: Content): LintFinding[] {
  const named: [path: string, text: string][] = [
    ...areas.map(({ description }, index): [string, string] => [`areas.${index}.description`, description]),
    ['source.name', source.name],
  ];
  return named.filter(([, text]) => holdsHtml(text)).map(([path]) => htmlFinding(path));
}

export const htmlFinding = (path: string): LintFinding => ({
  rule: 'C19',
  level: 'ERROR',
  path,
  message: 'Le texte contient du HTML : écrivez du texte simple.',
});

const PARTS = ['headline', 'description', 'instruction'] as const;

/** French as people read it: no shouting, and no missing space, which networks would turn into a link. */
function french(content: Content): LintFinding[] {
  const index = content.texts.findIndex(({ language }) => language === FRENCH);
  const text = frenchText(content);
  const findings: LintFinding[] = [];
  const letters = text.headline.replace(/^(EXERCICE|TEST)\b/, '').replace(/[^\p{L}]/gu, '');
  if (letters.length > 12 && letters === letters.toUpperCase())
    findings.push({
      rule: 'F01',
      level: 'WARNING',
      path: `texts.${index}.headline`,
      message: 'Le titre est tout en majuscules : il se lit mal, surtout par les lecteurs d’écran.',
    });
  for (const part of PARTS) {
    const glued = /\p{Ll}{2,}[.!?;](?=\p{Lu}\p{Ll})/u.exec(text[part] ?? '');
    if (glued && !/https?:\S*$/.test((text[part] ?? '').slice(0, glued.index + glued[0].length)))
      findings.push({
        rule: 'F02',
        level: 'WARNING',
        path: `texts.${index}.${part}`,
        message: `Il manque une espace après « ${glued[0]} » : les réseaux sociaux en feraient un lien.`,
      });
  }
  return findings;
}

/** Two languages that carry the same words are a translation that was never made (C13). */
function translations({ texts }: Content): LintFinding[] {
  const told = new Map<string, string>();
  // French first: whatever repeats it is the one to mend.
  const order = [...texts.entries()].sort(
    ([, a], [, b]) => Number(b.language === FRENCH) - Number(a.language === FRENCH),
  );
  return order.flatMap(([index, text]): LintFinding[] => {
    const other = told.get(text.description);
    told.set(text.description, text.language);
    if (other)
      return [
        {
          rule: 'C13',
          level: 'ERROR',
          path: `texts.${index}.description`,
          message: `Le texte « ${text.language} » est identique au texte « ${other} » : traduisez-le ou retirez-le.`,
        },
      ];
    if (!isOutdated(text, texts)) return [];
    return [
      {
        rule: 'I-09',
        level: 'WARNING',
        path: `texts.${index}`,
        message: `La traduction « ${text.language} » date d’avant la dernière modification du français.`,
      },
    ];
  });
}

/** Damaged text shows as squares and odd letters, in any field. */
const damage = (content: Content): LintFinding[] =>
  textsIn(content).flatMap(([path, text]) => {
    const found = damageIn(text);
    if (!found) return [];
    return [{ rule: 'F03', level: 'WARNING' as const, path, message: `Le texte contient ${found} : corrigez-le.` }];
  });

/** The rules that hold for every kind. */
export const lintShared = (content: Content): LintFinding[] => [
  ...exerciseMarks(content),
  ...style(content),
  ...names(content),
  ...french(content),
  ...damage(content),
  ...translations(content),
];
