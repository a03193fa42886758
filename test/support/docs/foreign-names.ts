import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';

/** Every name that generated code takes from a schema: types, fields, arguments, and the values of enums as Swift spells them too. */
export function namesOf(schema: GraphQLSchema): Set<string> {
  const names = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || isSpecifiedScalarType(type)) continue;
    names.add(type.name);
    if (isEnumType(type))
      for (const { name } of type.getValues()) {
        names.add(name);
        names.add(name.toLowerCase().replaceAll(/_(\w)/g, (_all, letter: string) => letter.toUpperCase()));
      }
    if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))
      for (const field of Object.values(type.getFields())) {
        names.add(field.name);
        if ('args' in field) for (const { name } of field.args) names.add(name);
      }
  }
  return names;
}

const COMMENTS_AND_IMPORTS = /\/\/.*$|\/\*[\s\S]*?\*\/|^\s*import .*$/gm;

/** The names that code reads of something (`.endsAt`, `?.cursor`), and the arguments that it names (`after:`, `after =`). */
export function namesReadIn(code: string): string[] {
  const bare = code.replaceAll(COMMENTS_AND_IMPORTS, '').replaceAll(/"[^"\n]*"|'[^'\n]*'/g, '""');
  const read = [...bare.matchAll(/\.([A-Za-z]\w*)/g), ...bare.matchAll(/[(,]\s*([a-z]\w*)\s*(?::|=(?!=))/g)];
  return [...new Set(read.map(([, name = '']) => name))].sort();
}

/** The values of enums, scalars and types that code names by their type: `Severity.EXTREME`, `Enum$Severity`, `mapScalarToKotlinString("URL")`. */
export function typesNamedIn(code: string): string[] {
  const named = [
    ...code.matchAll(/\b(?:Hub\.|Enum\$|hub\.type\.)(\w+)/g),
    ...code.matchAll(/mapScalar\w*\("(\w+)"/g),
    ...code.matchAll(/^ {12}(\w+): \{ type:/gm),
  ];
  return [...new Set(named.map(([, name = '']) => name))].sort();
}
