import { type GraphQLSchema, isInputObjectType } from 'graphql';

const MARK = 'oneOf';

/** Marks an input of which clients give exactly one field, and that one not null. type-graphql knows no `@oneOf`. */
export const ONE_OF = { [MARK]: true };

/** Makes graphql-js hold to what `ONE_OF` marks, in documents and in variables. */
export function enforceOneOf(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap()))
    if (isInputObjectType(type) && type.extensions[MARK]) type.isOneOf = true;
}
