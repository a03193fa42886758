import { createSourceEventStream, GraphQLError } from 'graphql';
import { MessageType, parseMessage, type SubscribeMessage } from 'graphql-ws';
import { HubError } from '../../errors.ts';
import { type Documents, ReadDocument, type ReadOperation } from '../../graphql/documents.ts';
import { ChangeStream } from '../following/change-stream.ts';
import type { Followers } from '../following/followers.ts';
import type { Peer } from './peer.ts';
import { SharedSubscription } from './shared-subscription.ts';

interface ChangesOptions {
  documents: Documents;
  followers: Followers;
  maxOperations: number;
}

/** A `subscribe` message that asks for changes. */
interface Asked {
  message: SubscribeMessage;
  operation: ReadOperation;
}

/** A `subscribe` to changes and to nothing else, which passed validation; everything else is graphql-ws's. */
export function changesAsked({ documents }: ChangesOptions, peer: Peer, text: string): Asked | undefined {
  const { protocolContext } = peer;
  if (!protocolContext?.acknowledged || !text.includes('"subscribe"')) return undefined;
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
  return asksForChanges ? { message, operation } : undefined;
}

/** Opens a subscription to changes and lets it follow. A bad cursor or an unknown commune is answered by one `error`. */
export async function followChanges(options: ChangesOptions, peer: Peer, { message, operation }: Asked): Promise<void> {
  const { id, payload } = message;
  if (Object.keys(peer.subscriptions).length >= options.maxOperations)
    return peer.fail(id, [tooMany(options.maxOperations)]);
  const shared = new SharedSubscription(peer, id);
  peer.subscriptions[id] = shared;
  const { document } = operation.within;
  const { operationName, variables } = payload;
  const args = { schema: options.documents.schema, document, operationName, variableValues: variables };
  const opened = await createSourceEventStream({ ...args, contextValue: peer.context?.() });
  // Whoever completed it meanwhile, or left, does not want to hear of it.
  if (peer.subscriptions[id] !== shared) return;
  if (opened instanceof ChangeStream) shared.leave = options.followers.join(opened, { operation, args }, shared);
  else if ('errors' in opened && opened.errors) peer.fail(id, opened.errors);
}

/** What a connection is told that has too much open. */
export const tooMany = (most: number): GraphQLError => {
  const error = new HubError('TOO_MANY_REQUESTS', `a connection may have at most ${most} operations open`);
  return new GraphQLError(error.message, { originalError: error });
};
