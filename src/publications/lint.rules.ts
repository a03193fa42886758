import { type Content, FRENCH, frenchText } from './content.ts';
import { isStale } from './translations.rules.ts';

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
    for (const field of PARTS) {
      if (/<\/?[a-z][^>]*>/i.test(text[field] ?? ''))
        findings.push({
          rule: 'C19',
          level: 'ERROR',
          path: at(field),
          message: 'Le texte contient du HTML : écrivez du texte simple.',
        });
    }
  });
  return findings;
}

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
function translations(content: Content): LintFinding[] {
  const french = frenchText(content);
  return content.texts.flatMap((text, index): LintFinding[] => {
    if (text.language === FRENCH) return [];
    if (text.description === french.description)
      return [
        {
          rule: 'C13',
          level: 'ERROR',
          path: `texts.${index}.description`,
          message: `Le texte « ${text.language} » est identique au texte français : traduisez-le ou retirez-le.`,
        },
      ];
    if (isStale(text, content.texts))
      return [
        {
          rule: 'I-09',
          level: 'WARNING',
          path: `texts.${index}`,
          message: `La traduction « ${text.language} » date d’avant la dernière modification du français.`,
        },
      ];
    return [];
  });
}

/** The rules that hold for every kind. */
export const lintShared = (content: Content): LintFinding[] => [
  ...exerciseMarks(content),
  ...style(content),
  ...french(content),
  ...translations(content),
];
