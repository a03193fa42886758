import { buildSchema, getNamedType, getNullableType, isInterfaceType, isListType, isObjectType } from 'graphql';

/** The source of src/client/object-types.ts: what a cache has to know of this schema. */
export function objectTypesOf(sdl) {
  const schema = buildSchema(sdl);
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const all = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  const objects = all.filter((type) => isObjectType(type) && !roots.includes(type));
  const interfaces = all.filter(isInterfaceType);
  const isValue = ({ name }) => objects.some((type) => type.name === name && !type.getFields().id && !isAnswer(type));
  const queries = Object.values(schema.getQueryType().getFields());
  return [
    HEAD,
    declared('possibleTypes', 'The types behind each interface.', interfaces, (type) => schema.getPossibleTypes(type)),
    array('VALUE_TYPES', 'Types whose objects have no id: each is a part of the object that it stands in.', [
      ...objects.filter(isValue),
    ]),
    array(
      'ANSWER_TYPES',
      'Pages, their edges and the answers of mutations: no ids either.',
      objects.filter((type) => isAnswer(type) && !type.getFields().id),
    ),
    declared(
      'VALUE_LISTS',
      'Lists of objects without an id, by the type that has them.',
      [schema.getQueryType(), ...interfaces, ...objects.filter((type) => !isAnswer(type))],
      (type) => ownFields(type).filter((field) => isList(field) && isValue(getNamedType(field.type))),
    ),
    array(
      'PAGED',
      'Fields of Query that answer a page of a list. `changes` begins behind any cursor, and so has no first page.',
      queries.filter(({ args }) => args.some(({ name, type }) => name === 'after' && String(type) === 'PageCursor')),
    ),
  ].join('\n');
}

const HEAD = '// Written by `npm run schema:print`: what a cache has to know of the schema.\n';
const isAnswer = ({ name }) => /(Connection|Edge|Payload)$/.test(name);
const isList = ({ type }) => isListType(getNullableType(type));

/** The fields that no interface of the type has already. */
function ownFields(type) {
  const inherited = new Set(type.getInterfaces().flatMap((one) => Object.keys(one.getFields())));
  return Object.values(type.getFields()).filter(({ name }) => !inherited.has(name));
}

const array = (name, about, members) =>
  `/** ${about} */\nexport const ${name}: readonly string[] = ${listed(members, `export const ${name}: readonly string[] = `.length + 1)};\n`;

function declared(name, about, types, membersOf) {
  const lines = types
    .map((type) => [type.name, membersOf(type)])
    .filter(([, members]) => members.length > 0)
    .map(([key, members]) => `  ${key}: ${listed(members, key.length + 5, '  ')},\n`);
  return `/** ${about} */\nexport const ${name}: Record<string, string[]> = {\n${lines.join('')}};\n`;
}

/** An array as the formatter of this repository writes it: on one line where it fits into 120 signs. */
function listed(members, before, indent = '') {
  const names = members.map(({ name }) => `'${name}'`).sort();
  const line = `[${names.join(', ')}]`;
  return before + line.length <= 120 ? line : `[\n${names.map((name) => `${indent}  ${name},\n`).join('')}${indent}]`;
}
