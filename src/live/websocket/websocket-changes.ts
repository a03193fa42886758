import { createSourceEventStream, type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql';
import { MessageType, parseMessage, type SubscribeMessage } from 'graphql-ws';
import { HubError } from '../../errors.ts';
import type { ReadDocument, ReadDocuments } from '../../graphql/documents.ts';
import { ChangeStream } from '../following/change-stream.ts';
import type { Followers } from '../following/followers.ts';
import type { Peer } from './peer.ts';
import { SharedSubscription } from './shared-subscription.ts';

interface ChangesOptions {
  schema: ExecutionArgs['schema'];
  read: ReadDocuments;
  followers: Followers;
  maxOperations: number;
}

/** A `subscribe` message that asks for changes. */
interface Asked {
  message: SubscribeMessage;
  read: ReadDocument;
}

/** A `subscribe` to changes and to nothing else, which passed validation; everything else is graphql-ws's. */
export function changesAsked({ read: readDocument }: ChangesOptions, peer: Peer, text: string): Asked | undefined {
  const { protocolContext } = peer;
  if (!protocolContext?.acknowledged || !text.includes('"subscribe"')) return undefined;
  let message: ReturnType<typeof parseMessage>;
  try {
    message = parseMessage(text);
  } catch {
    return undefined;
  }
  if (message.type !== MessageType.Subscribe || message.id in protocolContext.subscriptions) return undefined;
  const read = readDocument(message.payload.query);
  if (!('document' in read) || read.roots.size !== 1 || !read.roots.has('changes')) return undefined;
  const operation = getOperationAST(read.document, message.payload.operationName);
  return operation?.operation === 'subscription' ? { message, read } : undefined;
}

/** Opens a subscription to changes and lets it follow. A bad cursor or an unknown commune is answered by one `error`. */
export async function followChanges(options: ChangesOptions, peer: Peer, { message, read }: Asked): Promise<void> {
  const { id, payload } = message;
  if (Object.keys(peer.subscriptions).length >= options.maxOperations)
    return peer.fail(id, [tooMany(options.maxOperations)]);
  const shared = new SharedSubscription(peer, id);
  peer.subscriptions[id] = shared;
  const { document } = read;
  const { operationName, variables } = payload;
  const args = { schema: options.schema, document, operationName, variableValues: variables };
  const opened = await createSourceEventStream({ ...args, contextValue: peer.context?.() });
  // Whoever completed it meanwhile, or left, does not want to hear of it.
  if (peer.subscriptions[id] !== shared) return;
  if (opened instanceof ChangeStream) shared.leave = options.followers.join(opened, { read, args }, shared);
  else if ('errors' in opened && opened.errors) peer.fail(id, opened.errors);
}

/** What a connection is told that has too much open. */
export const tooMany = (most: number): GraphQLError => {
  const error = new HubError('TOO_MANY_REQUESTS', `a connection may have at most ${most} operations open`);
  return new GraphQLError(error.message, { originalError: error });
};
