import type { IncomingMessage } from 'node:http';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import { sqlIn } from '../../database/sql-in.ts';
import { HubError } from '../../errors.ts';
import { PAGE_HEADERS } from '../../web/page-headers.ts';
import { type InstitutionOffice, isMailboxKey } from '../institution-work.ts';
import { confirmMailbox, leaveMailbox } from '../mailbox.commands.ts';
import { acknowledgeNotice } from '../notices/acknowledge.commands.ts';
import { type LinkedNotice, noticeBehind } from '../notices/notice.queries.ts';
import type { MailboxState } from '../vocabulary.ts';
import { confirmedPage, confirmPage, leavePage, leftPage, readPage, takerNamed } from './mail-pages.ts';

export interface MailPagesOptions {
  /** A fresh unit of work. */
  em(): EntityManager;
  office: InstitutionOffice;
  /** Makes a client without a token pay for what it asks. */
  pay(request: FastifyRequest): void;
  /** Reads a body, and has it paid for before it is parsed. */
  readBody(request: IncomingMessage): Promise<string>;
}

/** Whose key a link has. */
interface Holder {
  id: string;
  state: MailboxState;
  institution: string;
}

/** A form that says what it asks for, by any of the two types of RFC 8058. A program that posts whatever it finds does not say so. */
const LEAVES =
  /(?:^|&)List-Unsubscribe=One-Click(?:&|$)|name="?List-Unsubscribe"?\r?\n(?:[^\r\n]+\r?\n)*\r?\n *One-Click\b/;
const READ_BY = /^as=([a-z-]{1,20})$/;
const CONFIRMS = /(?:^|&)confirm=yes(?:&|$)/;

const HEADERS = { ...PAGE_HEADERS, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' } as const;
/** Nothing of these is remembered by anybody, or done by HEAD. */
const OWN: RouteShorthandOptions = {
  exposeHeadRoute: false,
  onRequest: async (_request, reply) => void reply.header('cache-control', 'no-store'),
};

interface Linked {
  Params: { key: string };
}

interface LinkedToRead {
  Params: { key: string; publication: string };
}

/** The pages that the links of letters lead to. Looking at one changes nothing (I-56): programs that check mail follow every link. */
export function mountMailPages(server: FastifyInstance, { em, office, pay, readBody }: MailPagesOptions): void {
  const holder = async (request: FastifyRequest<Linked>): Promise<Holder> => {
    pay(request);
    const { key } = request.params;
    const [found] = isMailboxKey(key)
      ? await sqlIn(em())<Holder>(
          'select m.id, m.state, i.name as institution from mailbox m join institution i on i.id = m.institution_id where m.key = ?',
          [key],
        )
      : [];
    if (!found) throw new HubError('NOT_FOUND', 'there is no such link');
    return found;
  };
  server.get<Linked>('/mail/confirm/:key', OWN, async (request, reply) => {
    const { state, institution } = await holder(request);
    return send(reply, { INVITED: confirmPage(institution), LEFT: leftPage() }[state as string] ?? confirmedPage());
  });
  server.get<Linked>('/mail/leave/:key', OWN, async (request, reply) => {
    const { state, institution } = await holder(request);
    return send(reply, state === 'LEFT' ? leftPage() : leavePage(institution));
  });
  const notice = async (request: FastifyRequest<LinkedToRead>): Promise<LinkedNotice> => {
    pay(request);
    const { key, publication } = request.params;
    const found = isMailboxKey(key) ? await noticeBehind(em(), key, publication) : undefined;
    if (!found) throw new HubError('NOT_FOUND', 'there is no such link');
    return found;
  };
  const showNotice = (reply: FastifyReply, { institution, publication, takenBy }: LinkedNotice) =>
    send(reply, readPage(institution, publication, takenBy));
  server.get<LinkedToRead>('/mail/read/:key/:publication', OWN, async (request, reply) =>
    showNotice(reply, await notice(request)),
  );
  server.register(async (forms) => {
    forms.removeAllContentTypeParsers();
    forms.addContentTypeParser('*', async ({ raw }: FastifyRequest) => readBody(raw));
    forms.post<Linked>('/mail/confirm/:key', OWN, async (request, reply) => {
      const { id, state, institution } = await holder(request);
      if (!says(request, CONFIRMS)) return send(reply.code(400), confirmPage(institution));
      if (state === 'LEFT') return send(reply, leftPage());
      await office.run(null, { action: 'confirmMailbox', subject: id }, (work) => confirmMailbox(work, id));
      return send(reply, confirmedPage());
    });
    forms.post<LinkedToRead>('/mail/read/:key/:publication', OWN, async (request, reply) => {
      const { id, institutionId, ...asked } = await notice(request);
      const as = typeof request.body === 'string' ? takerNamed(READ_BY.exec(request.body)?.[1] ?? '') : undefined;
      if (as === undefined) return showNotice(reply.code(400), { id, institutionId, ...asked });
      const read = { institution: institutionId, publication: asked.publication, takenBy: as };
      await office.run(null, { action: 'acknowledgeNotice', subject: id }, (work) => acknowledgeNotice(work, read));
      return showNotice(reply, { id, institutionId, ...asked, takenBy: asked.takenBy ?? as });
    });
    forms.post<Linked>('/mail/leave/:key', OWN, async (request, reply) => {
      const { id, institution } = await holder(request);
      if (!says(request, LEAVES)) return send(reply.code(400), leavePage(institution));
      await office.run(null, { action: 'leaveMailbox', subject: id }, (work) => leaveMailbox(work, id));
      return send(reply, leftPage());
    });
  });
}

const says = ({ body }: FastifyRequest<Linked>, words: RegExp): boolean => typeof body === 'string' && words.test(body);

const send = (reply: FastifyReply, text: string): FastifyReply => reply.headers(HEADERS).send(text);
