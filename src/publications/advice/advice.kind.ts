import type { LintFinding } from '../content/lint.rules.ts';
import { type Kind, withoutReports } from '../kind/kind.ts';
import { hazardAnnouncement } from '../kind/linked-data.ts';
import type { LivePlace } from '../kind/situation.ts';
import { type View, viewOfPinned } from '../view.ts';
import { type AdviceContent, type AdviceDocument, adviceContent } from './advice.content.ts';
import { advicePage } from './advice.page.ts';
import { advicePost } from './advice.post.ts';
import { adviceText } from './advice.text.ts';

/** What the alerts of a place show, then what was written for the place, then what holds everywhere of the same hazards. */
function adviceFor({ list }: LivePlace): View<AdviceDocument>[] {
  const alerts = list('ALERT', 'gravest', 'here');
  const hazards = new Set(alerts.map(({ hazard }) => hazard));
  const local = list('ADVICE', 'newest', 'here');
  const general = list('ADVICE', 'newest', 'everywhere').filter(({ hazard }) => hazards.has(hazard));
  const pinned = alerts.flatMap(({ advice }) => advice.map(viewOfPinned));
  const byId = new Map([...pinned, ...local, ...general].toReversed().map((advice) => [advice.id, advice]));
  return [...byId.values()].toReversed();
}

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

export const advice: Kind<AdviceContent, AdviceDocument> = {
  name: 'ADVICE',
  noun: 'Advice',
  typeName: 'AdvicePublication',
  meaning: 'Safety advice that outlives any one danger.',
  schema: adviceContent,
  settle: (content) => content,
  faults: () => [],
  window: () => ({ startsAt: null, endsAt: null }),
  danger: () => null,
  lint,
  graver: () => false,
  published: withoutReports,
  prose: ['audience', 'items.*.dos.*', 'items.*.donts.*'],
  references: () => [],
  carriedOver: () => ({}),
  situation: {
    field: 'advice',
    description:
      'The advice shown with the alerts, advice written for the place, and advice that holds everywhere about the same hazards.',
    select: adviceFor,
  },
  page: advicePage,
  text: adviceText,
  post: advicePost,
  linkedData: hazardAnnouncement,
};
