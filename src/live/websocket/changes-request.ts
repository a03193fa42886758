import { createSourceEventStream } from 'graphql';
import type { SubscribeMessage } from 'graphql-ws';
import { ReadDocument, type ReadOperation } from '../../graphql/documents.ts';
import { graphqlError } from '../../graphql/error-format.ts';
import { ChangeStream } from '../following/change-stream.ts';
import type { Followers } from '../following/followers.ts';
import type { Connection } from './connection.ts';
import { SharedSubscription } from './shared-subscription.ts';
import type { SubscribeOptions } from './subscribe-message.ts';

interface ChangesOptions extends SubscribeOptions {
  followers: Followers;
}

/** A `subscribe` message that asks for changes. */
interface ChangesRequest {
  message: SubscribeMessage;
  operation: ReadOperation;
}

/** Reads a message as a valid subscription to changes; undefined for every other one, and for one that is not valid. */
export function readChangesRequest(
  { documents }: SubscribeOptions,
  message: SubscribeMessage,
): ChangesRequest | undefined {
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
