import { type Block, paragraph } from '../../publications/content/block.ts';
import type { TextContent } from '../../publications/content/content.ts';
import { formatDateTime, formatEnd } from '../../publications/content/date-time.ts';
import { decisionLineOf } from '../../publications/decision/decision-line.ts';
import { signedLineOf } from '../../publications/decision/signed.rules.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { kindOf } from '../../publications/kinds.ts';
import type { Territory } from '../../territory/territory.ts';
import type { Wording } from './wording.ts';

/** What a publication says beside its headline, in one language: the words first, then what its kind adds, then the facts. */
export function bodyOf(document: PublicDocument, text: TextContent, wording: Wording, territory: Territory): Block[] {
  const { tongue } = wording;
  const kind = kindOf(document.kind).text;
  return [
    ...kind.lead(document, text, tongue),
    { text: text.description },
    ...(text.instruction ? [{ title: wording.todo, items: [text.instruction] }] : []),
    ...kind.details(document, text, tongue),
    ...factsOf(document, wording, territory),
  ];
}

/** When and where it holds, who decided it, who says so, and which organisations published and approved it. */
export function factsOf(document: PublicDocument, wording: Wording, territory: Territory): Block[] {
  const names = territory.communesOf(document.communes).map(({ name }) => name);
  return [
    ...paragraph(windowOf(document, wording)),
    ...(names.length > 0 ? paragraph(wording.places(names.join(', '))) : []),
    ...paragraph(decisionLineOf(document, wording.tongue)),
    ...paragraph(wording.source(sourceOf(document))),
    ...paragraph(signedLineOf(document, wording.tongue)),
  ];
}

const windowOf = ({ startsAt, endsAt }: PublicDocument, { tongue, window }: Wording): string | undefined =>
  window(startsAt && formatDateTime('full', tongue, startsAt), endsAt && formatEnd('full', tongue, endsAt));

const sourceOf = ({ source }: PublicDocument): string =>
  source.reference ? `${source.name} (${source.reference})` : source.name;
