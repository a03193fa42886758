import {
  BreakingChangeType as Breaking,
  buildSchema,
  DangerousChangeType as Dangerous,
  findBreakingChanges,
  findDangerousChanges,
  isInputObjectType,
  isInterfaceType,
  print,
} from 'graphql';

/**
 * What keeps a schema from taking the place of the one that was released, a sentence each. Until the first release a
 * breaking change passes with a line of its own in CHANGELOG.md; from then on only additions pass. `growth` lists the enums
 * and interfaces that may grow (schema/growth.json).
 */
export function faultsBetween({ released, current, changelog, growth }) {
  const [before, now] = [buildSchema(released), buildSchema(current)];
  const breaks = [...broken(before, now), ...defaultsChanged(before, now), ...grown(before, now, growth)];
  const version = releaseOf(changelog);
  const told = new Set(announced(changelog));
  return breaks
    .filter(({ coordinate }) => version || !told.has(coordinate))
    .map(({ coordinate, description }) =>
      version
        ? `${description} Documents written for ${version} must go on: add beside, and mark what is old as deprecated.`
        : `${description} CHANGELOG.md needs a line of its own under Unreleased: - Breaking: \`${coordinate}\`: what to do instead.`,
    );
}

/** The newest release that CHANGELOG.md has a heading of (`## 1.0.0`, and what follows on its line); undefined before the first. */
export const releaseOf = (changelog) => /^## v?(\d+\.\d+\.\d+)\b/m.exec(changelog)?.[1];

/** The coordinates that lines of their own name under Unreleased. */
function announced(changelog) {
  const [, unreleased = ''] = /^## Unreleased$([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(changelog) ?? [];
  return [...unreleased.matchAll(/^ *- Breaking: `([^`]+)`/gm)].map(([, coordinate]) => coordinate);
}

/** How graphql-js words each change: where it finds the names of a coordinate, as the RFC of schema coordinates writes them. */
const COORDINATES = {
  [Breaking.TYPE_REMOVED]: [/(\w+) was removed/, (type) => type],
  [Breaking.TYPE_CHANGED_KIND]: [/^(\w+) changed/, (type) => type],
  [Breaking.TYPE_REMOVED_FROM_UNION]: [/^(\w+) .* union type (\w+)/, (_type, union) => union],
  [Breaking.VALUE_REMOVED_FROM_ENUM]: [/^(\w+) .* enum type (\w+)/, (value, type) => `${type}.${value}`],
  [Breaking.REQUIRED_INPUT_FIELD_ADDED]: [/field (\w+) on input type (\w+)/, (field, type) => `${type}.${field}`],
  [Breaking.IMPLEMENTED_INTERFACE_REMOVED]: [/^(\w+) /, (type) => type],
  [Breaking.FIELD_REMOVED]: [/^(\w+\.\w+) /, (field) => field],
  [Breaking.FIELD_CHANGED_KIND]: [/^(\w+\.\w+) /, (field) => field],
  [Breaking.REQUIRED_ARG_ADDED]: [/arg (\w+) on (\w+\.\w+) /, (name, field) => `${field}(${name}:)`],
  [Breaking.ARG_REMOVED]: [/^(\w+\.\w+) arg (\w+) /, (field, name) => `${field}(${name}:)`],
  [Breaking.ARG_CHANGED_KIND]: [/^(\w+\.\w+) arg (\w+) /, (field, name) => `${field}(${name}:)`],
  [Breaking.DIRECTIVE_REMOVED]: [/^(\w+) /, (name) => `@${name}`],
  [Breaking.DIRECTIVE_ARG_REMOVED]: [/^(\w+) was removed from (\w+)/, (arg, name) => `@${name}(${arg}:)`],
  [Breaking.REQUIRED_DIRECTIVE_ARG_ADDED]: [/arg (\w+) on directive (\w+)/, (arg, name) => `@${name}(${arg}:)`],
  [Breaking.DIRECTIVE_REPEATABLE_REMOVED]: [/from (\w+)/, (name) => `@${name}`],
  [Breaking.DIRECTIVE_LOCATION_REMOVED]: [/from (\w+)/, (name) => `@${name}`],
  [Dangerous.ARG_DEFAULT_VALUE_CHANGE]: [/^(\w+\.\w+) arg (\w+) /, (field, name) => `${field}(${name}:)`],
  [Dangerous.VALUE_ADDED_TO_ENUM]: [/^(\w+) .* enum type (\w+)/, (value, type) => `${type}.${value}`],
  [Dangerous.TYPE_ADDED_TO_UNION]: [/^(\w+) .* union type (\w+)/, (_type, union) => union],
};

function located({ type, description }) {
  const [pattern, coordinateOf] = COORDINATES[type];
  const [, ...names] = pattern.exec(description) ?? [];
  return { coordinate: coordinateOf(...names), description };
}

/** Documents that were valid are not any more, or clients get what they did not expect. */
const broken = (before, now) => findBreakingChanges(before, now).map(located);

/** Documents that leave an argument or a field of an input out mean something else; an input has become `@oneOf`. */
function defaultsChanged(before, now) {
  const ofArguments = findDangerousChanges(before, now)
    .filter(({ type }) => type === Dangerous.ARG_DEFAULT_VALUE_CHANGE)
    .map(located);
  const ofInputs = pairs(before, now, isInputObjectType).flatMap(([old, type]) => {
    const fields = Object.values(type.getFields()).filter(({ name, astNode }) => {
      const earlier = old.getFields()[name];
      return earlier && written(earlier.astNode) !== written(astNode);
    });
    return [
      ...fields.map(({ name }) => changed(`${type.name}.${name}`, 'has another default.')),
      ...(type.isOneOf && !old.isOneOf ? [changed(type.name, 'has become @oneOf.')] : []),
    ];
  });
  return [...ofArguments, ...ofInputs];
}

const changed = (coordinate, how) => ({ coordinate, description: `${coordinate} ${how}` });
const written = ({ defaultValue }) => (defaultValue ? print(defaultValue) : undefined);

/** Values and types that apps will meet and were not told to expect: of enums and interfaces that are not listed as open. */
function grown(before, now, { enums, interfaces }) {
  const values = findDangerousChanges(before, now)
    .filter(({ type }) => type === Dangerous.VALUE_ADDED_TO_ENUM || type === Dangerous.TYPE_ADDED_TO_UNION)
    .map(located)
    .filter(({ coordinate }) => !enums.open.includes(coordinate.split('.')[0]));
  const types = pairs(before, now, isInterfaceType)
    .filter(([{ name }]) => !interfaces.open.includes(name))
    .flatMap(([old, type]) => {
      const known = new Set(before.getPossibleTypes(old).map(({ name }) => name));
      const added = now.getPossibleTypes(type).filter(({ name }) => !known.has(name));
      return added.map(({ name }) => changed(name, `now stands behind ${type.name}, which is not open.`));
    });
  return [...values, ...types];
}

/** The types of one sort that both schemas have. */
const pairs = (before, now, isSort) =>
  Object.values(now.getTypeMap())
    .map((type) => [before.getType(type.name), type])
    .filter(([old, type]) => isSort(old) && isSort(type));
