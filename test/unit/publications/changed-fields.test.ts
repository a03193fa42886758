import { isEnumType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { PublicReads } from '../../../src/board/public-reads.ts';
import { changedFields } from '../../../src/editorial/publishing/document.rules.ts';
import { createSchema } from '../../../src/graphql/schema.ts';
import { publicationFields } from '../../../src/publications/changed/changed-fields.rules.ts';
import { PublicationFieldEnum } from '../../../src/publications/changed/changed-fields.types.ts';
import type { Content } from '../../../src/publications/content/content.ts';
import { kindsInOrder } from '../../../src/publications/kinds.ts';
import { type HubOffice, resolversOf } from '../../../src/resolvers.ts';
import { INPUTS } from '../../support/desk/desk.ts';

/** Apps read which fields changed in the API's own names, whatever the journal calls them. */
const schema = createSchema(resolversOf({} as PublicReads, {} as HubOffice));
const values: readonly string[] = Object.keys(PublicationFieldEnum);

/** Every name that a revision of a kind may store as changed. */
const storedNames = ({ noun, schema: content }: (typeof kindsInOrder)[number]): string[] => {
  const parsed = content.parse((INPUTS as unknown as Record<string, () => object>)[noun]?.());
  return changedFields({} as Content, Object.fromEntries(Object.keys(parsed).map((name) => [name, 1])) as never);
};

describe('a changed field', () => {
  it.each(kindsInOrder.map((kind) => ({ name: kind.name, kind })))(
    'of $name has a value, whatever changes',
    ({ kind }) => {
      const stored = storedNames(kind);
      expect(stored.length).toBeGreaterThan(8);
      for (const name of stored) {
        const [field = 'none', ...more] = publicationFields('UPDATED', [name]);
        expect([name, values.includes(field), more]).toEqual([name, true, []]);
      }
    },
  );

  it('that the hub itself writes has a value', () => {
    expect(publicationFields('VERIFIED', ['verifiedAt'])).toEqual(['VERIFIED_AT']);
    expect(publicationFields('OBSERVED', ['observed'])).toEqual(['OBSERVED']);
    expect(publicationFields('STARTED', ['state'])).toEqual(['STATE']);
  });

  it('is told once, and one that nobody knows any more not at all', () => {
    expect(publicationFields('UPDATED', ['texts', 'expiresAt', 'onsetAt', 'endsAt', 'colourOfTheDay'])).toEqual([
      'ENDS_AT',
      'STARTS_AT',
      'TEXTS',
    ]);
  });

  it.each(['CANCELLED', 'ALL_CLEAR'])(
    'of %s is the ending, and no text of the revision, in old journals too',
    (type) => {
      expect(publicationFields(type, ['state', 'texts'])).toEqual(['ENDING', 'ENDS_AT', 'STATE']);
    },
  );

  it('of what ran out is the ending, not the end', () => {
    expect(publicationFields('ENDED', ['state'])).toEqual(['ENDING', 'STATE']);
  });

  it('is described by fields that publications of the API have', () => {
    const publications = schema.getPossibleTypes(schema.getType('Publication') as never).filter(isObjectType);
    const names = new Set(publications.flatMap((type) => Object.keys(type.getFields())));
    const field = schema.getType('PublicationField');
    const told = isEnumType(field) ? field.getValues().map(({ description }) => description ?? '') : [];
    const described = [...told.join(' ').matchAll(/`(\w+)`/g)];
    expect(described.length).toBeGreaterThanOrEqual(values.length - 1);
    for (const [, name = ''] of described) expect([name, names.has(name)]).toEqual([name, true]);
  });

  it('has the name of the field that the API answers it by, on the kind that it is told of', () => {
    const field = schema.getType('PublicationField');
    const told = isEnumType(field) ? field.getValues() : [];
    // Values that stand for several fields, or for a rule of a draft that no publication answers.
    const several = new Set(['DETAILS', 'ITEMS', 'TEXTS', 'EVENT_WINDOW']);
    const compared = told.filter(({ name }) => !several.has(name));
    expect(compared.length).toBe(told.length - several.size);
    for (const { name, description } of compared) {
      const [, said = '', kind] = /`(\w+)`(?: of (?:an? )?([a-z ]+?))?[.,:]/.exec(description ?? '') ?? [];
      expect(said.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()).toBe(name);
      if (!kind) continue;
      const noun = kind.replace(/(?:^| )([a-z])/g, (_, letter: string) => letter.toUpperCase());
      const typeName = schema.getType(`${noun}Publication`) ? `${noun}Publication` : noun;
      const type = schema.getType(typeName);
      expect([name, typeName, isObjectType(type) && said in type.getFields()]).toEqual([name, typeName, true]);
    }
  });
});
