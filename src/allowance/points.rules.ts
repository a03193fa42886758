import type { IncomingMessage } from 'node:http';

/** A point is about 1 µs of CPU. An answer of kept bytes costs nothing. */
export const POINTS = {
  /** Any request that no kept bytes answer. */
  asked: 500,
  /** A page, feed, picture or message that is made anew. */
  address: 5_000,
  /** A picture that somebody brings: a process reads it. */
  pressed: 600_000,
  /** An operation that begins on a WebSocket or as an event stream. */
  subscribed: 200,
  /** A message of a WebSocket, whichever it is, pings and pongs included; a body. */
  heard: 10,
  /** A piece of a body as the network brings it: one of a byte takes much longer than its byte does. */
  piece: 2,
  /** An event that is read for one follower alone, before anything of it is selected. */
  event: 500,
} as const;

/** A field that waits, for PostgreSQL as a rule: it takes a connection from everybody else. */
const POINTS_A_WAIT = 500;
const BYTES_A_POINT = 50;
/** Bytes of a document that are parsed and validated in a point. */
const READ_A_POINT = 2;
/** Bytes of a message that are decoded in a point, where they are the dearest: brackets within brackets. */
const HEARD_A_POINT = 8;

/** The points that an execution has cost. */
export const pointsOf = ({ nodes, bytes, waits }: Readonly<Record<'nodes' | 'bytes' | 'waits', number>>): number =>
  nodes + bytes / BYTES_A_POINT + waits * POINTS_A_WAIT;

/** The points that an event has cost which is read and executed for one follower alone. */
export const pointsOfEvent = (budget: Parameters<typeof pointsOf>[0]): number => POINTS.event + pointsOf(budget);

/** The points that it takes to be asked, whether the request is answered or refused; its body costs what it is. */
export const pointsToAsk = ({ url = '' }: Pick<IncomingMessage, 'url'>): number =>
  POINTS.asked + url.length / READ_A_POINT;

/** The points that it takes to hear a message of a WebSocket, or a body, by the bytes and pieces in which it came. */
export const pointsToHear = (bytes: number, pieces = 0): number =>
  POINTS.heard + bytes / HEARD_A_POINT + pieces * POINTS.piece;

/** The points that it takes to parse and validate a document of so many characters. */
export const pointsToParse = (characters: number): number => characters / READ_A_POINT;
