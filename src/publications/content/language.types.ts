import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { FRENCH, LANGUAGE_FAULT, readLanguageTag } from './language.rules.ts';

function read(value: unknown, node?: ValueNode): string {
  const tag = typeof value === 'string' ? readLanguageTag(value) : undefined;
  if (tag === undefined) throw new GraphQLError(LANGUAGE_FAULT, node ? { nodes: node } : {});
  return tag;
}

/** RFC 5646. Reads the spellings of people, `en_GB` too, and answers tags in their usual case. */
export const LanguageTagScalar = new GraphQLScalarType<string, string>({
  name: 'LanguageTag',
  description: 'A language tag of BCP 47, such as fr-FR. Case does not matter, and `en_GB` is read as `en-GB`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc5646',
  serialize: String,
  parseValue: (value) => read(value),
  parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : undefined, node),
});

/** The argument `languages` of every field that is answered in words. */
export const LANGUAGES = {
  defaultValue: [FRENCH],
  description:
    'The languages of the reader, the preferred first; 20 are read. The first that there is is answered, by the look-up of RFC 4647, else French.',
};
