import type { LintFinding } from '../content/lint.rules.ts';
import { type Kind, withoutReports } from '../kind.ts';
import { type AdviceContent, adviceContent } from './advice.content.ts';

function lint(content: AdviceContent): LintFinding[] {
  const texts = new Set(content.texts.map(({ language }) => language));
  const findings: LintFinding[] = content.items.flatMap(({ language, dos, donts }, index) => [
    ...(dos.length + donts.length > 0
      ? []
      : [{ rule: 'A01', level: 'ERROR' as const, path: `items.${index}`, message: 'Donnez au moins un conseil.' }]),
    ...(texts.has(language)
      ? []
      : [
          {
            rule: 'A02',
            level: 'WARNING' as const,
            path: `items.${index}.language`,
            message: `Les conseils en « ${language} » n’ont pas de texte dans cette langue.`,
          },
        ]),
  ]);
  return findings;
}

export const advice: Kind<AdviceContent> = {
  name: 'ADVICE',
  schema: adviceContent,
  settle: (content) => content,
  faults: () => [],
  window: () => ({ startsAt: null, endsAt: null }),
  severity: () => null,
  lint,
  graver: () => false,
  published: withoutReports,
};
