import { PUBLISHER } from '../content/content.ts';
import type { InEachTongue, Tongue } from '../content/tongue.ts';
import type { PublicDocument } from '../document.ts';
import { type Frozen, signedBy } from '../frozen.ts';

const SIGNED_WORDS: InEachTongue<Record<'published' | 'approved', (names: string) => string>> = {
  fr: { published: (name) => `Publié par : ${name}`, approved: (names) => `Validé par : ${names}` },
  en: { published: (name) => `Published by: ${name}`, approved: (names) => `Approved by: ${names}` },
};

/** The organisations behind the revision that a document shows, in words; null where they were not kept yet. */
export function signedLineOf(document: Pick<Frozen, 'history'>, tongue: Tongue): string | null {
  const { publisher, signatories = [] } = signedBy(document);
  if (!publisher) return null;
  const { published, approved } = SIGNED_WORDS[tongue];
  const names = signatories.map(({ name }) => name).join(', ');
  return names === '' ? published(publisher.name) : `${published(publisher.name)} · ${approved(names)}`;
}

/** The authority that says so; where no other is named, the organisation that published it. */
export const senderOf = (document: Pick<PublicDocument, 'source' | 'history'>): string =>
  (document.source.name === PUBLISHER && signedBy(document).publisher?.name) || document.source.name;
