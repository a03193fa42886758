import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, publishNew, refusal } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** A phone says which languages its owner reads, the preferred first. */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const text = (language: string, headline: string) => ({ language, headline, description: headline });
const FRENCH = text('fr-FR', 'Crue de l’Yvette');
const ENGLISH = text('en_GB', 'The Yvette is flooding');
const GERMAN = text('de', 'Hochwasser der Yvette');
const POLISH = text('pl', 'Powódź na rzece Yvette');

const shownTo = async (id: string, ...languages: string[]) => {
  const { publication } = await hub.as().request<{
    publication: { text: { language: string }; hazard: { label: { text: string; language: string } } };
  }>(
    `query ($id: ID!, $languages: [LanguageTag!]!) { publication(id: $id) { text(languages: $languages) { language }
       ... on AlertPublication { hazard { label(languages: $languages) { text language } } } } }`,
    { id, languages },
  );
  const { label } = publication.hazard;
  return [publication.text.language, label.language, label.text];
};

describe('words in the languages of a reader', () => {
  it('are French, the hazard too, where nobody translated: no German reads "Flood" over French words', async () => {
    const { id } = await publishNew(hub, 'Alert', alertInput({ texts: [FRENCH] }));
    for (const languages of [['de'], ['de', 'en'], [], ['fr-CA']])
      expect(await shownTo(id, ...languages)).toEqual(['fr-FR', 'fr-FR', 'Inondation']);
  });

  it('are the first that there is, and an input reads a language as people write it', async () => {
    const { id } = await publishNew(hub, 'Alert', alertInput({ texts: [FRENCH, ENGLISH] }));
    expect(await shownTo(id, 'de', 'en')).toEqual(['en-GB', 'en-GB', 'Flood']);
    expect(await shownTo(id, 'de-CH', 'fr_FR', 'en')).toEqual(['fr-FR', 'fr-FR', 'Inondation']);
    expect(await shownTo(id, 'en_US.UTF-8')).toEqual(['en-GB', 'en-GB', 'Flood']);
  });

  it('name a hazard in the language of the words, whichever publishers translate into', async () => {
    const { id } = await publishNew(hub, 'Alert', alertInput({ texts: [FRENCH, ENGLISH, GERMAN] }));
    expect(await shownTo(id, 'de-CH', 'en')).toEqual(['de', 'de', 'Hochwasser']);
    expect(await shownTo(id, 'de-CH')).toEqual(['de', 'de', 'Hochwasser']);
  });

  it('name a hazard in the next language of the reader where the hub has no name for it in that of the words', async () => {
    const { id } = await publishNew(hub, 'Alert', alertInput({ texts: [FRENCH, ENGLISH, POLISH] }));
    expect(await shownTo(id, 'pl-PL', 'en')).toEqual(['pl', 'en-GB', 'Flood']);
    expect(await shownTo(id, 'pl-PL')).toEqual(['pl', 'fr-FR', 'Inondation']);
  });

  it('may be asked for by one language as before, and by nothing that is none', async () => {
    const { id } = await publishNew(hub, 'Alert', alertInput({ texts: [FRENCH, ENGLISH] }));
    const one = `{ publication(id: "${id}") { text(languages: "en-GB") { headline } } }`;
    expect(await hub.as().request(one)).toEqual({ publication: { text: { headline: ENGLISH.headline } } });
    for (const tag of ['', '*', 'English', 'de,en'])
      expect((await refusal(shownTo(id, 'fr', tag))).code).toBe('BAD_REQUEST');
  });
});
