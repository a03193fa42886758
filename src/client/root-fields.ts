import type { DocumentNode, FieldNode, SelectionSetNode, ValueNode } from 'graphql';

/** A field at the root of an answer. */
export interface RootField {
  /** The field and its arguments: the same for two documents that ask the same, under whatever alias. */
  key: string;
  value: unknown;
}

/** The fields at the root of an answer. */
export function rootFields(document: DocumentNode, variables: Record<string, unknown>, data: unknown): RootField[] {
  const values = Object(data) as Record<string, unknown>;
  const operation = document.definitions.find((definition) => definition.kind === 'OperationDefinition');
  if (!operation) return [];
  return fieldsOf(operation.selectionSet, document).map(({ name, alias, arguments: given = [] }) => {
    const args = given.map((one) => [one.name.value, argumentOf(one.value, variables)] as const);
    return { key: `${name.value}(${sorted(Object.fromEntries(args))})`, value: values[(alias ?? name).value] };
  });
}

function fieldsOf({ selections }: SelectionSetNode, document: DocumentNode): FieldNode[] {
  return selections.flatMap((one) => {
    if (one.kind === 'Field') return one;
    if (one.kind === 'InlineFragment') return fieldsOf(one.selectionSet, document);
    const fragment = document.definitions.find(
      (definition) => definition.kind === 'FragmentDefinition' && definition.name.value === one.name.value,
    );
    return fragment && 'selectionSet' in fragment ? fieldsOf(fragment.selectionSet, document) : [];
  });
}

function argumentOf(node: ValueNode, variables: Record<string, unknown>): unknown {
  if (node.kind === 'Variable') return variables[node.name.value];
  if (node.kind === 'ListValue') return node.values.map((one) => argumentOf(one, variables));
  if (node.kind === 'ObjectValue')
    return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, argumentOf(value, variables)]));
  if (node.kind === 'NullValue') return null;
  return node.kind === 'IntValue' || node.kind === 'FloatValue' ? Number(node.value) : node.value;
}

/** JSON in which the order of an object's fields does not matter. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
