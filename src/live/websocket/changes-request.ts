import { createSourceEventStream, type GraphQLError } from 'graphql';
import { MessageType, parseMessage, type SubscribeMessage } from 'graphql-ws';
import { POINTS } from '../../allowance/points.rules.ts';
import { HubError } from '../../errors.ts';
import { type Documents, ReadDocument, type ReadOperation } from '../../graphql/documents.ts';
import { graphqlError } from '../../graphql/error-format.ts';
import { ChangeStream } from '../following/change-stream.ts';
import type { Followers } from '../following/followers.ts';
import type { Connection } from './connection.ts';
import { SharedSubscription } from './shared-subscription.ts';

interface ChangesOptions {
  documents: Documents;
  followers: Followers;
  maxOperations: number;
}

/** A `subscribe` message that asks for changes. */
interface ChangesRequest {
  message: SubscribeMessage;
  operation: ReadOperation;
}

/**
 * Reads a message as a valid subscription to changes; undefined for every other message, which is graphql-ws's. What
 * graphql-ws would refuse (no greeting yet, an id in use, a document that is not valid) is left to it as well.
 */
export function readChangesRequest(
  { documents }: ChangesOptions,
  { protocolContext }: Connection,
  text: string,
): ChangesRequest | undefined {
  if (!protocolContext?.acknowledged) return undefined;
  let message: ReturnType<typeof parseMessage>;
  try {
    message = parseMessage(text);
  } catch {
    return undefined;
  }
  if (message.type !== MessageType.Subscribe || message.id in protocolContext.subscriptions) return undefined;
  const read = documents.read(message.payload.query);
  const operation = read instanceof ReadDocument ? read.operation(message.payload.operationName) : undefined;
  const asksForChanges = operation?.node.operation === 'subscription' && operation.facts.roots.has('changes');
  if (!asksForChanges) return undefined;
  documents.deprecated.count(operation, message.payload.variables);
  return { message, operation };
}

/** Opens a subscription to changes and lets it follow. A bad cursor or an unknown commune is answered by one `error`. */
export async function followChanges(
  options: ChangesOptions,
  connection: Connection,
  { message, operation }: ChangesRequest,
): Promise<void> {
  const { id, payload } = message;
  const open = Object.keys(connection.subscriptions).length + 1;
  if (open > options.maxOperations) return connection.fail(id, [tooMany(open, options.maxOperations)]);
  const refused = refusedBegin(connection);
  if (refused) return connection.fail(id, [refused]);
  const contextValue = connection.context?.();
  const tooDear = options.documents.costFault(operation, payload.variables, contextValue?.actor);
  if (tooDear) return connection.fail(id, [graphqlError(tooDear)]);
  const shared = new SharedSubscription(connection, id);
  connection.subscriptions[id] = shared;
  const { document } = operation.within;
  const operationName = operation.node.name?.value;
  const args = { schema: options.documents.schema, document, operationName, variableValues: payload.variables };
  const opened = await createSourceEventStream({ ...args, contextValue });
  // The client may have completed it meanwhile, or left.
  if (connection.subscriptions[id] !== shared) return;
  if (opened instanceof ChangeStream) shared.leave = options.followers.join(opened, { operation, args }, shared);
  else if ('errors' in opened && opened.errors) connection.fail(id, opened.errors);
}

/** Why an operation may not begin now: its client has nothing left to spend, or does not read; undefined if it may. */
export function refusedBegin({ payer, unsent, stream }: Connection): GraphQLError | undefined {
  try {
    unsent.admit(stream);
    payer?.admit(POINTS.subscribed);
    return undefined;
  } catch (error) {
    if (error instanceof HubError) return graphqlError(error);
    throw error;
  }
}

/** Refuses one more operation on a connection. */
export const tooMany = (weight: number, most: number): GraphQLError =>
  graphqlError(
    new HubError('TOO_MANY_REQUESTS', `a connection may have at most ${most} operations open, not ${weight}`, {
      limit: { name: 'openOperations', weight, most },
    }),
  );
