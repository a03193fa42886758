import type { IncomingMessage } from 'node:http';
import Negotiator from 'negotiator';

/** The media types of programs: a client that says nothing, or likes both as well, gets the first of them. */
const PROGRAMS_READ = ['application/json', 'application/graphql-response+json'];

/** Whether a client prefers a page to an answer for programs, as browsers do. */
export const prefersHtml = (request: IncomingMessage): boolean =>
  new Negotiator(request).mediaType([...PROGRAMS_READ, 'text/html']) === 'text/html';
