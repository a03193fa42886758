import type { IncomingMessage } from 'node:http';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { SigningKey } from '../../channels/webhooks/key.rules.ts';
import type { Clock } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import type { Office } from '../../office/office.ts';
import { answerCall, callOfMessage } from './answer-call.commands.ts';
import { isSigned, readAnswer, TAKES } from './gateway-message.rules.ts';

export interface AnswersOptions {
  /** A fresh unit of work. */
  em(): EntityManager;
  office: Pick<Office, 'run'>;
  keys: readonly SigningKey[];
  clock: Clock;
  /** Makes a client without a token pay for what it asks. */
  pay(request: FastifyRequest): void;
  /** Reads a body, and has it paid for before it is parsed. */
  readBody(request: IncomingMessage): Promise<string>;
}

/**
 * Where the operator's gateway says what people answered. An answer takes the call of its own message and does nothing else; one that is
 * late, or comes twice, is taken and does nothing, so that the gateway does not repeat it.
 */
export function mountAnswers(server: FastifyInstance, options: AnswersOptions): void {
  const { em, office, keys, clock, pay, readBody } = options;
  server.register(async (signed) => {
    signed.removeAllContentTypeParsers();
    signed.addContentTypeParser('*', async ({ raw }: FastifyRequest) => readBody(raw));
    signed.post('/gateway/answers', async (request, reply) => {
      pay(request);
      const body = typeof request.body === 'string' ? request.body : '';
      const header = (name: string) => {
        const value = request.headers[name];
        return typeof value === 'string' ? value : undefined;
      };
      const headers = {
        id: header('webhook-id'),
        timestamp: header('webhook-timestamp'),
        signature: header('webhook-signature'),
      };
      if (!isSigned(keys, headers, body, clock.now()))
        throw new HubError('UNAUTHENTICATED', 'expected the signature of the gateway, of the last five minutes');
      const answer = readAnswer(body);
      if (!answer) throw new HubError('BAD_REQUEST', 'expected a message.answered with data.id and data.answer');
      const call = await callOfMessage(em(), answer.id);
      if (!call) throw new HubError('NOT_FOUND', 'no message of a call with this id was sent');
      if (answer.answer === TAKES)
        await office.run(null, { action: 'answerCall', subject: call }, (work) =>
          answerCall(work, { call, message: answer.id }),
        );
      return reply.code(204).header('cache-control', 'no-store').send();
    });
  });
}
