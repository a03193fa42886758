import { z } from 'zod';
import { geometrySchema } from '../../territory/geometry.rules.ts';
import { MODES } from '../vocabulary.ts';
import { FRENCH, languageTag } from './language.rules.ts';
import { plainLine, plainText, webAddress } from './text/plain-text.ts';

/**
 * What every kind's content is made of: the part of a publication that people write. Each kind's schema spreads
 * `commonContent` and adds its own fields. Parsed content is canonical (NFC, Paris offsets, no undefined), so that
 * equal content has equal bytes and so an equal hash.
 */
export const PUBLISHER = 'Département de l’Essonne';

/** An optional field, where GraphQL's null and a field left out mean the same: null. */
export const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null);

const textSchema = z.object({
  language: languageTag,
  headline: plainLine(300),
  description: plainText(20_000),
  instruction: optional(plainText(20_000)),
  /** Hash of the French text that this one was made from; set by `bindTranslations`, never by an input. */
  sourceHash: z.string().default(''),
});

/** A list of one entry for each language: French is among them, and none stands there twice. `what` names the French entry. */
export const inLanguages = <T extends z.ZodType<{ language: string }>>(entry: T, what: string) =>
  z
    .array(entry)
    .max(40, 'must hold at most 40 languages')
    .superRefine((entries, context) => {
      const languages = entries.map(({ language }) => language);
      if (!languages.includes(FRENCH))
        context.addIssue({ code: 'custom', message: `must hold ${what} in French (language ${FRENCH})` });
      languages.forEach((language, index) => {
        if (languages.indexOf(language) !== index)
          context.addIssue({ code: 'custom', path: [index, 'language'], message: `${language} stands here twice` });
      });
    });

export const textsSchema = inLanguages(textSchema, 'a text');

export const areaSchema = z.object({
  description: plainLine(500),
  communes: optional(z.array(z.string()).max(400)).transform((codes) => codes ?? []),
  geometry: optional(geometrySchema),
});

const sourceSchema = z.object({
  name: plainLine(200),
  relayed: z.boolean().default(false),
  url: optional(webAddress),
  reference: optional(plainText(500)),
});

const ids = (max: number) =>
  optional(z.array(z.uuid('must be the id of something that exists')).max(max)).transform((list) => [
    ...new Set(list ?? []),
  ]);

export const idList = ids;
export const optionalId = optional(z.uuid('must be an id'));

export const commonContent = {
  mode: z.enum(MODES).default('ACTUAL'),
  texts: textsSchema,
  areas: optional(z.array(areaSchema).max(100)).transform((areas) => areas ?? []),
  source: optional(sourceSchema).transform(
    (source) => source ?? { name: PUBLISHER, relayed: false, url: null, reference: null },
  ),
  incidentId: optionalId,
  reportIds: ids(200),
};

const commonSchema = z.object(commonContent);
export type Content = z.output<typeof commonSchema>;
export type TextContent = Content['texts'][number];
export type AreaContent = Content['areas'][number];

/** The French text: the source that every translation is made from. */
export function frenchText(content: Pick<Content, 'texts'>): TextContent {
  const found = content.texts.find((text) => text.language === FRENCH);
  if (!found) throw new Error('content without French text');
  return found;
}
