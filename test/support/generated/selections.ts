import fc, { type Arbitrary } from 'fast-check';
import {
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** A selection as text, with the variables that it uses: each a Boolean or a language. */
export interface RandomSelection {
  text: string;
  variables: Record<string, { type: string; value: unknown; given: boolean }>;
}

type Names = Record<string, RandomSelection['variables'][string]>;

/**
 * Random selections below a type: aliases, inline fragments, directives and arguments by variable, the same field twice
 * under different conditions. A field of one name has one alias per type, so that whatever is drawn can be merged.
 */
export function selectionsOf(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  depth: number,
): Arbitrary<RandomSelection> {
  const names: Names = {
    yes: { type: 'Boolean!', value: true, given: true },
    no: { type: 'Boolean!', value: false, given: true },
    byDefault: { type: 'Boolean = true', value: true, given: false },
    languages: { type: '[LanguageTag!]!', value: ['de', 'en-GB'], given: true },
    perhaps: { type: '[LanguageTag!] = ["en-GB"]', value: ['fr-FR'], given: false },
  };
  return selection(schema, type, depth).map((text) => ({
    text,
    variables: Object.fromEntries(Object.entries(names).filter(([name]) => new RegExp(`\\$${name}\\b`).test(text))),
  }));
}

const condition = fc.constantFrom(
  '',
  '',
  '',
  '@include(if: $yes)',
  '@skip(if: $yes)',
  '@include(if: $no)',
  '@skip(if: $no)',
  '@include(if: $byDefault)',
  '@skip(if: false)',
  '@skip(if: $no) @include(if: $yes)',
);

function selection(schema: GraphQLSchema, type: GraphQLOutputType, depth: number): Arbitrary<string> {
  const named = getNamedType(type);
  if (!isCompositeType(named)) return fc.constant('');
  const fields = isObjectType(named) || isInterfaceType(named) ? Object.values(named.getFields()) : [];
  const drawn = fields
    .filter((field) => !field.args.some((arg) => isRequiredArgument(arg)))
    .filter((field) => depth > 0 || !isCompositeType(getNamedType(field.type)))
    .map((field) => fieldText(schema, named.name, field, depth));
  const fragments =
    isAbstractType(named) && depth > 0
      ? schema
          .getPossibleTypes(named)
          .map((one) =>
            fc
              .tuple(condition, selection(schema, one, depth - 1))
              .map(([when, inside]) => `... on ${one.name} ${when} ${inside}`),
          )
      : [];
  const parts = [fc.constant('__typename'), fc.constant('kind_of: __typename'), ...drawn, ...fragments];
  return fc
    .array(
      fc.nat(parts.length - 1).chain((index) => parts[index] ?? fc.constant('__typename')),
      { minLength: 1, maxLength: 6 },
    )
    .map((chosen) => `{ ${chosen.join(' ')} }`);
}

function fieldText(
  schema: GraphQLSchema,
  owner: string,
  field: GraphQLField<unknown, unknown>,
  depth: number,
): Arbitrary<string> {
  const inside = selection(schema, field.type, depth - 1);
  const takesLanguage = field.args.some(({ name }) => name === 'languages');
  const language = takesLanguage
    ? fc.constantFrom(
        ['', ''],
        ['_en', '(languages: "en")'],
        ['_v', '(languages: $languages)'],
        ['_p', '(languages: $perhaps)'],
      )
    : fc.constant(['', '']);
  return fc
    .tuple(language, condition, inside)
    .map(([[suffix, args], when, below]) => `${owner}_${field.name}${suffix}: ${field.name}${args} ${when} ${below}`);
}
