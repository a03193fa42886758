import { createHash, randomUUID } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { withSession } from '../database/cluster.ts';
import { type Hub, tokens } from '../hub/hub.ts';

/** A picture of soft hills, so that it shrinks and compresses as a photograph does; another `seed` is another picture. */
export function drawn(width = 320, height = 240, seed = 1): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 3;
      const light = 128 + 60 * Math.sin((x / width) * 9 * seed + seed) + 60 * Math.cos((y / height) * 7 * seed - seed);
      pixels.set([light, 255 - light, (light * 3) % 255], at);
    }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

export const jpegOf = (picture: Sharp = drawn()): Promise<Buffer> => picture.jpeg().toBuffer();

/** What is answered of a picture that was brought. */
export interface Brought {
  id: string;
  width: number;
  height: number;
  sha256: string;
  receivedAt: string;
  takenAt: string | null;
  point: { coordinates: [number, number] } | null;
}

export interface Sent {
  as?: Persona;
  type?: string;
  headers?: Record<string, string>;
}

const bearer = (persona: Persona | undefined): Record<string, string> =>
  persona ? { authorization: `Bearer ${tokens[persona]}` } : {};

/** Sends bytes as a picture, by a persona's token: a volunteer's unless another is named. */
export const send = (hub: Hub, bytes: Uint8Array, { as = 'volunteer', type = 'image/jpeg', headers }: Sent = {}) =>
  fetch(`${hub.url}/desk/pictures`, {
    method: 'POST',
    headers: { 'content-type': type, ...bearer(as), ...headers },
    body: new Uint8Array(bytes),
  });

/** Brings a picture that is one. */
export async function bring(hub: Hub, bytes: Uint8Array, sent?: Sent): Promise<Brought> {
  const answer = await send(hub, bytes, sent);
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return JSON.parse(text);
}

/** Looks at a picture as a persona; as nobody where none is named. */
export const look = (hub: Hub, id: string, persona?: Persona, more = ''): Promise<Response> =>
  fetch(`${hub.url}/desk/pictures/${id}${more}`, { headers: bearer(persona) });

/** Status, code and the faults of an answer. */
export async function refusalOf(answer: Response): Promise<[status: number, code?: string, path?: string]> {
  const { errors } = (await answer.json()) as {
    errors?: { extensions: { code: string; fields?: { path: string }[] } }[];
  };
  const extensions = errors?.[0]?.extensions;
  return [answer.status, extensions?.code, extensions?.fields?.[0]?.path];
}

/** The side of a picture that is written past the hub. */
const SIDE = 8;
const planted = await drawn(SIDE, SIDE).webp().toBuffer();

/** Writes a picture past the hub, by the account of a person whose name begins so, and of a report where one is given. */
export const plantPicture = (
  url: string,
  { by, report = null, erased = false }: { by: string; report?: string | null; erased?: boolean },
): Promise<string> =>
  withSession(url, async (session) => {
    const id = randomUUID();
    await session.query('begin');
    await session.query(
      `insert into picture (id, report_id, by_id, received_at, kind, size, sha256, width, height, erased_at)
       select $1, $2, id, now(), 'WEBP', $3, $4, ${SIDE}, ${SIDE}, case when $5 then now() end from account where id = $6`,
      [id, report, planted.length, createHash('sha256').update(id).digest('hex'), erased, by],
    );
    if (!erased) await session.query('insert into picture_bytes values ($1, $2, $2)', [id, planted]);
    await session.query('commit');
    return id;
  });
