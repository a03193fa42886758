import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/database/embedded.ts';
import { hasProgram, ran } from '../../support/docs/programs.ts';
import { given } from '../../support/given.ts';

const read = (name: string) => readFileSync(path.join(import.meta.dirname, '../../../deploy', name), 'utf8');
const nginx = read('nginx.conf');
const caddy = read('Caddyfile');
const haproxy = read('haproxy.cfg');

/** Seconds between two signs of life: of an event stream, the slower of the two. */
const HEARTBEAT = 15;

describe('proxies wait longer than a quiet follower is quiet', () => {
  it.each([
    ['nginx', nginx, /proxy_read_timeout (\d+)s;/],
    ['nginx', nginx, /keepalive_timeout (\d+)s;/],
    ['Caddy', caddy, /\bidle (\d+)s/],
    ['HAProxy', haproxy, /timeout client (\d+)s/],
    ['HAProxy', haproxy, /timeout server (\d+)s/],
    ['HAProxy', haproxy, /timeout tunnel (\d+)s/],
  ])('%s', (_name, text, pattern) => {
    expect(Number(pattern.exec(text)?.[1])).toBeGreaterThanOrEqual(4 * HEARTBEAT);
  });
});

it('proxies hand on each piece of an event stream at once', () => {
  expect(nginx).toMatch(/^\s+proxy_buffering off;$/m);
  expect(caddy).toMatch(/^\s+flush_interval -1$/m);
  expect(haproxy).not.toMatch(/^\s*(?:compression|filter)/m);
});

it('proxies write the address of the client themselves, in place of what it sent', () => {
  expect(nginx).toMatch(/^\s+proxy_set_header X-Forwarded-For \$remote_addr;$/m);
  expect(haproxy).toMatch(/^\s+http-request set-header X-Forwarded-For %\[src\]$/m);
  // Caddy does so by itself, unless it is told whom to believe.
  expect(caddy).not.toMatch(/^\s*trusted_proxies/m);
});

it('proxies hand on a picture of 20 MB, and no other body of that size', () => {
  const [everywhere = '', ofPictures = ''] = nginx.split('location = /desk/pictures');
  expect(everywhere).toMatch(/^\s+client_max_body_size 1m;$/m);
  expect(ofPictures).toMatch(/^\s+client_max_body_size 21m;$/m);
  for (const other of [caddy, haproxy]) expect(other).not.toMatch(/max_size|req\.body_size/);
});

it('proxies send a mutation to one hub only', () => {
  expect(nginx).not.toContain('non_idempotent');
  expect(haproxy).toMatch(/disable-l7-retry if !METH_GET/);
});

/** What a proxy itself says of its file, where the machine has it. */
async function says(program: string, args: string[], folder: string) {
  const env = { PATH: process.env.PATH ?? '', HOME: folder, TOCSIN_DOMAIN: 'alerte.example.fr' };
  const { code, printed } = await ran(program, args, { cwd: folder, env });
  return code === 0 ? 'is fine' : printed;
}

/** A folder with a pair for TLS: each proxy reads its own before it says that its file is fine. */
async function folderWithPair() {
  const folder = await temporaryFolder();
  const [key, certificate] = ['privkey.pem', 'fullchain.pem'].map((name) => path.join(folder, name));
  if (!key || !certificate) throw new Error('two names');
  const subject = ['-days', '2', '-subj', '/CN=alerte.example.fr'];
  const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate];
  execFileSync('openssl', ['req', '-x509', ...made, ...subject], { stdio: 'ignore' });
  await writeFile(path.join(folder, 'tocsin.pem'), readFileSync(certificate, 'utf8') + readFileSync(key, 'utf8'));
  return folder;
}

const canTry = (program: string) => given(hasProgram('openssl') && hasProgram(program), `openssl and ${program}`);

it.runIf(canTry('nginx'))('nginx takes its file', async () => {
  const folder = await folderWithPair();
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const server = nginx.replaceAll('/etc/ssl/tocsin', folder);
  const around = `pid ${folder}/pid; error_log stderr; events {} http { access_log off; ${folders.join(' ')}\n${server}}`;
  await writeFile(path.join(folder, 'nginx.conf'), around);
  expect(await says('nginx', ['-t', '-p', folder, '-c', path.join(folder, 'nginx.conf')], folder)).toBe('is fine');
});

it.runIf(canTry('caddy'))('Caddy takes its file', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'Caddyfile'), caddy);
  const args = ['validate', '--adapter', 'caddyfile', '--config', path.join(folder, 'Caddyfile')];
  expect(await says('caddy', args, folder)).toBe('is fine');
});

it.runIf(canTry('haproxy'))('HAProxy takes its file', async () => {
  const folder = await folderWithPair();
  await writeFile(
    path.join(folder, 'haproxy.cfg'),
    haproxy.replace('/etc/haproxy/tocsin.pem', path.join(folder, 'tocsin.pem')),
  );
  expect(await says('haproxy', ['-c', '-f', path.join(folder, 'haproxy.cfg')], folder)).toBe('is fine');
});
