import type { GraphQLError } from 'graphql';
import { MessageType, parseMessage, type SubscribeMessage } from 'graphql-ws';
import { POINTS, pointsToParse } from '../../allowance/points.rules.ts';
import { HubError } from '../../errors.ts';
import type { Documents } from '../../graphql/documents.ts';
import { graphqlError } from '../../graphql/error-format.ts';
import type { Connection } from './connection.ts';

export interface SubscribeOptions {
  documents: Documents;
  /** Operations that one connection may have open at a time. */
  maxOperations: number;
}

/**
 * Reads a message as a `subscribe`; undefined for every other one, which is graphql-ws's. So are those that graphql-ws refuses by
 * itself (no greeting yet, an id in use): it reads no document of them.
 */
export function readSubscribe({ protocolContext }: Connection, text: string): SubscribeMessage | undefined {
  if (!protocolContext?.acknowledged) return undefined;
  let message: ReturnType<typeof parseMessage>;
  try {
    message = parseMessage(text);
  } catch {
    return undefined;
  }
  return message.type === MessageType.Subscribe && !(message.id in protocolContext.subscriptions) ? message : undefined;
}

/**
 * Has an operation paid for before its document is read. False for one that may not begin: its client was told why, or was
 * closed because it has sent too much.
 */
export function mayBegin(
  options: SubscribeOptions,
  connection: Connection,
  { id, payload }: SubscribeMessage,
): boolean {
  const unseen = options.documents.find(payload.query) ? 0 : payload.query.length;
  const refused = refusedBegin(options, connection, unseen);
  if (refused) connection.fail(id, [refused]);
  else if (connection.share.read(unseen)) return true;
  else connection.closeTooMuch();
  return false;
}

/** Why an operation may not begin: too many are open, its client does not read, or has nothing left to spend. */
function refusedBegin(
  { maxOperations }: SubscribeOptions,
  { subscriptions, unsent, stream, share }: Connection,
  unseen: number,
): GraphQLError | undefined {
  const open = Object.keys(subscriptions).length + 1;
  try {
    if (open > maxOperations) throw tooMany(open, maxOperations);
    unsent.admit(stream);
    share.admit(POINTS.subscribed + pointsToParse(unseen));
    return undefined;
  } catch (error) {
    if (error instanceof HubError) return graphqlError(error);
    throw error;
  }
}

const tooMany = (weight: number, most: number): HubError =>
  new HubError('TOO_MANY_REQUESTS', `a connection may have at most ${most} operations open, not ${weight}`, {
    limit: { name: 'openOperations', weight, most },
  });
