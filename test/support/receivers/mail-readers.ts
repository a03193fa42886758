import { spawnSync } from 'node:child_process';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { simpleParser } from 'mailparser';
import { given } from '../given.ts';

/** A letter as a parser that is not ours reads it. */
export interface ReadLetter {
  messageId: string;
  inReplyTo: string | null;
  references: string[];
  from: string;
  to: string[];
  subject: string;
  date: string;
  text: string;
  html: string;
  headers: Record<string, string>;
}

/** By mailparser. */
export async function readByMailparser(raw: Buffer): Promise<ReadLetter> {
  const { messageId, inReplyTo, references, from, to, subject, date, text, html, headerLines } = await simpleParser(
    raw,
    { skipImageLinks: true },
  );
  const addresses = [to ?? []].flat().flatMap(({ value }) => value.map(({ address }) => address ?? ''));
  return {
    messageId: messageId ?? '',
    inReplyTo: inReplyTo ?? null,
    references: [references ?? []].flat(),
    from: from?.text ?? '',
    to: addresses,
    subject: subject ?? '',
    date: date?.toISOString() ?? '',
    text: (text ?? '').trimEnd(),
    html: (html || '').trimEnd(),
    headers: Object.fromEntries(
      headerLines.map(({ key, line }) => [
        key,
        line
          .slice(key.length + 1)
          .replace(/\r?\n\s+/g, ' ')
          .trim(),
      ]),
    ),
  };
}

const PYTHON = `
import sys, json, base64
from email import message_from_bytes, policy
def read(raw):
    m = message_from_bytes(base64.b64decode(raw), policy=policy.default)
    def body(kind):
        part = m.get_body(preferencelist=(kind,))
        return part.get_content().replace('\\r\\n', '\\n').rstrip() if part else ''
    assert not m.defects and not any(p.defects for p in m.walk()), [m.defects] + [p.defects for p in m.walk()]
    d = m['date'].datetime
    from datetime import timezone
    return {
        'messageId': m['message-id'].strip(), 'inReplyTo': (m['in-reply-to'] or '').strip() or None,
        'references': (m['references'] or '').split(), 'from': str(m['from']),
        'to': [a.addr_spec for a in m['to'].addresses], 'subject': str(m['subject']),
        'date': d.astimezone(timezone.utc).strftime('%Y-%m-%dT%H:%M:%S.000Z'),
        'text': body('plain'), 'html': body('html'),
        'headers': {k.lower(): ' '.join(str(v).split()) for k, v in m.items()},
    }
print(json.dumps([read(raw) for raw in json.load(sys.stdin)]))
`;

/** Whether there is a Python to read letters by. */
export const hasPython = given(
  spawnSync('python3', ['-c', 'import email.policy']).status === 0,
  'python3, whose module email reads letters',
);

/** By Python's email module, which refuses here what it finds wrong. */
export function readByPython(raws: readonly Buffer[]): ReadLetter[] {
  const input = JSON.stringify(raws.map((raw) => raw.toString('base64')));
  const { stdout, stderr, status } = spawnSync('python3', ['-c', PYTHON], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`Python refused a letter: ${stderr}`);
  return JSON.parse(stdout) as ReadLetter[];
}

/** Whether the DKIM signature of a letter holds (RFC 6376, relaxed/relaxed, RSA), and the headers that it covers. */
export function verifyDkim(raw: Buffer, publicKey: string): { holds: boolean; covered: string[]; domain: string } {
  const text = raw.toString('latin1');
  const at = text.indexOf('\r\n\r\n');
  const headers = text.slice(0, at).split(/\r\n(?![ \t])/);
  const relaxed = (line: string) => {
    const colon = line.indexOf(':');
    return `${line.slice(0, colon).trim().toLowerCase()}:${line
      .slice(colon + 1)
      .replace(/\r\n/g, '')
      .replace(/[ \t]+/g, ' ')
      .trim()}`;
  };
  const named = (name: string) => headers.filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  const [signature = ''] = named('dkim-signature');
  const tags = Object.fromEntries(
    signature
      .slice(signature.indexOf(':') + 1)
      .split(';')
      .map((tag) => tag.replace(/\s+/g, ''))
      .filter((tag) => tag !== '')
      .map((tag) => [tag.slice(0, tag.indexOf('=')), tag.slice(tag.indexOf('=') + 1)]),
  );
  const body = text
    .slice(at + 4)
    .split('\r\n')
    .map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
    .join('\r\n');
  const trimmed = body.replace(/(?:\r\n)*$/, '\r\n');
  const bodyHolds = createHash('sha256').update(trimmed, 'latin1').digest('base64') === tags.bh;
  const covered = (tags.h ?? '').toLowerCase().split(':');
  const lines = covered.flatMap((name) => named(name).slice(-1)).map(relaxed);
  const unsigned = relaxed(signature).replace(/([;:]\s*b=)[^;]*/, '$1');
  const signed = Buffer.from([...lines, unsigned].join('\r\n'), 'latin1');
  const key = createPublicKey(publicKey);
  const holds = bodyHolds && verify('RSA-SHA256', signed, key, Buffer.from(tags.b ?? '', 'base64'));
  return { holds, covered, domain: tags.d ?? '' };
}
