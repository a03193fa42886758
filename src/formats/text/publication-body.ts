import { FRENCH, type TextContent } from '../../publications/content/content.ts';
import { bestText } from '../../publications/content/translations.rules.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { Territory } from '../../territory/territory.ts';
import type { Block } from './blocks.ts';
import { sayMoment, type Wording } from './wording.ts';

/** What a publication says beside its headline, in one language: the words first, then what its kind adds, then the facts. */
export function bodyOf(document: PublicDocument, text: TextContent, wording: Wording, territory: Territory): Block[] {
  const names = territory.communesOf(document.communes).map(({ name }) => name);
  return [
    ...lead(document, text, wording),
    { text: text.description },
    ...(text.instruction ? [{ title: wording.todo, items: [text.instruction] }] : []),
    ...details(document, text, wording),
    ...paragraph(wording.window(say(document.startsAt, wording), say(document.endsAt, wording))),
    ...(names.length > 0 ? paragraph(wording.places(names.join(', '))) : []),
    ...paragraph(wording.source(sourceOf(document))),
  ];
}

const say = (moment: string | null, wording: Wording): string | null => moment && sayMoment(wording, moment);

const paragraph = (text: string | undefined | null): Block[] => (text ? [{ text }] : []);

const list = (title: string, items: readonly string[]): Block[] => (items.length > 0 ? [{ title, items }] : []);

const sameTongue = (a: string, b: string): boolean => a.split('-')[0] === b.split('-')[0];

const sourceOf = ({ source }: PublicDocument): string =>
  source.reference ? `${source.name} (${source.reference})` : source.name;

/** What must be read before the words: how grave it is, what the claim was, what a road may still be used for. */
function lead(document: PublicDocument, { language }: TextContent, wording: Wording): Block[] {
  switch (document.kind) {
    case 'ALERT':
      return paragraph(wording.gravity[document.severity]);
    case 'CLOSURE':
      return paragraph(
        `${wording.restrictions[document.restriction]} — ${document.areas.map((area) => area.description).join(', ')}`,
      );
    case 'CORRECTION':
      // The claim stands in French alone, as it went round.
      return [
        ...paragraph(language === FRENCH ? wording.claim(document.claim) : null),
        ...paragraph(wording.verdict(wording.verdicts[document.verdict])),
      ];
    default:
      return [];
  }
}

function details(document: PublicDocument, text: TextContent, wording: Wording): Block[] {
  switch (document.kind) {
    case 'ADVICE': {
      const found = bestText(document.items, text.language);
      // French under words of another language would be read by nobody.
      const items = found && sameTongue(found.language, text.language) ? found : undefined;
      return [...list(wording.dos, items?.dos ?? []), ...list(wording.donts, items?.donts ?? [])];
    }
    case 'CORRECTION':
      return paragraph(text.language === FRENCH ? document.explanation : null);
    case 'EVENT':
      return list(
        wording.passages,
        document.passages.map(({ label, expectedFrom }) => `${sayMoment(wording, expectedFrom)} — ${label}`),
      );
    case 'CLOSURE':
      return [
        ...list(wording.detour, document.detour ? [document.detour.text] : []),
        ...list(
          wording.crossings,
          document.crossingPoints.map(({ label }) => label),
        ),
      ];
    default:
      return [];
  }
}
