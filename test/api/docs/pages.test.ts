import { afterAll, expect, it } from 'vitest';
import { personaVisitors } from '../../../src/development/development-tokens.ts';
import { testDatabase } from '../../support/database/database.ts';
import { LOOPBACK } from '../../support/desk/webhook-desk.ts';
import { type Block, blocksOf, PAGES } from '../../support/docs/blocks.ts';
import { hasProgram } from '../../support/docs/programs.ts';
import { RUNNERS } from '../../support/docs/run-block.ts';
import { openWorkshop } from '../../support/docs/workshop.ts';
import { given } from '../../support/given.ts';
import { startHub } from '../../support/hub/hub.ts';

/**
 * The documents cannot rot: every fenced block runs here as it stands, against a hub with the demo. Changed are the address
 * `localhost:4000` and the port 8080, and nothing else; `$HUB` and `$TOKEN` are variables of the environment.
 */
const { url } = await testDatabase();
const hub = await startHub({
  url,
  demo: true,
  webhookTargets: LOOPBACK,
  more: { desk: { personas: personaVisitors() } },
});
const shop = await openWorkshop(hub);
afterAll(async () => {
  await hub.close();
  await shop.close();
});

const blocks = PAGES.flatMap(blocksOf);
const pages = PAGES.filter((page) => blocks.some((block) => block.page === page));
const place = ({ page, line, language }: Block) => `${page}:${line} (${language})`;

/** Why a block does not do what its page says; null where it does. */
async function faultOf(block: Block): Promise<string | null> {
  const run = RUNNERS[block.language];
  const isForPeople = block.language === 'text' || block.said['no-run'] !== undefined;
  if (isForPeople && block.language !== 'php') return null;
  if (!run) return `no test can run this language: say "no-run: …", or "text" for what is no code`;
  return run(block, shop).catch(String);
}

it.each(pages)(
  'runs every block of %s',
  async (page) => {
    const faults: string[] = [];
    for (const block of blocks.filter((one) => one.page === page)) {
      const fault = await faultOf(block);
      if (fault !== null) faults.push(`${place(block)} ${fault}`);
    }
    expect(faults.join('\n\n')).toBe('');
  },
  600_000,
);

it.each([
  ['graphql', '{ situation(place: { commune: "91345" }) { headline } }', 'Cannot query field "headline"'],
  ['graphql', 'mutation { removeWatcher(id: "none") { removedId } }', 'argument "version"'],
  ['graphql', '{ publications(after: "none") { totalCount } }', 'INVALID_INPUT'],
  ['js', 'console.log("fine"); await fetch("http://localhost:4000").then(({ data }) => data.alerts);', 'TypeError'],
  ['js', 'console.log("subscription".length, following);', 'ReferenceError'],
  ['json', '{ "kind": "ALERT", }', 'SyntaxError'],
  ['php', '<?php echo json_decode("{}")->alerts;', 'Undefined property'],
  ['sh', 'curl -s "$HUB/geo/closures.geojson?comune=91345"', 'is no parameter of this address'],
  ['sh', 'curl -sf "$HUB/nothing" | wc -l', 'ended with 22'],
  ['ts', 'export const cursor: string = 1;', "Type 'number' is not assignable"],
  ['cobol', 'DISPLAY "41".', 'no test can run this language'],
])('sees what is wrong with a block of %s: %s', async (language, code, fault) => {
  const program = { php: 'php', sh: 'curl' }[language];
  if (program && !given(hasProgram(program), program)) return;
  expect(await faultOf({ page: 'docs/none.md', line: 1, language, code, said: {} })).toContain(fault);
});

it('sees that a part of an answer is none', async () => {
  const block = { page: 'docs/none.md', line: 2, language: 'json', said: { from: '/geo/alerts.geojson' } };
  expect(await faultOf({ ...block, code: '{ "type": "FeatureCollection", "features": [{ "id": "…" }] }' })).toBeNull();
  expect(await faultOf({ ...block, code: '{ "features": [{ "gravity": 3 }] }' })).toContain('.features[].gravity');
});

it('leaves out these blocks, each for the reason that its page gives', () => {
  const left = blocks.filter(({ said }) => said['no-run'] !== undefined);
  expect(left.map(({ page, language, said }) => `${page} (${language}): ${said['no-run']}`)).toEqual([
    'README.md (sh): installs and serves',
    'README.md (sh): replays on the hub of npm start',
    'docs/contributing.md (sh): installs and serves',
    'docs/deployment.md (sh): needs a container engine',
    'docs/deployment.md (sh): needs the owner of a database',
    'docs/deployment.md (sh): needs root',
    'docs/extending.md (ts): one row of FEEDS',
    'docs/extending.md (ts): one row of NETWORK_ROWS',
    'docs/integrations/desk.md (js): for a page of the hub itself',
    'docs/integrations/desk.md (js): for a page of the hub itself',
    'docs/integrations/kit.md (sh): reads the hub of npm start',
    'docs/integrations/mobile.md (swift): needs Xcode',
    'docs/integrations/mobile.md (swift): needs Xcode',
    'docs/integrations/mobile.md (swift): needs Xcode',
    'docs/integrations/mobile.md (kotlin): needs Gradle',
    'docs/integrations/mobile.md (graphqls): an extension of the schema for Apollo Kotlin',
    'docs/integrations/mobile.md (kotlin): needs Gradle',
    'docs/integrations/mobile.md (yaml): needs Flutter',
    'docs/integrations/mobile.md (dart): needs Flutter',
    'docs/integrations/pictures.md (js): for a page of the hub itself',
    'docs/integrations/pictures.md (graphql): names a picture that was sent',
    'docs/integrations/push.md (js): needs a browser',
    'docs/integrations/push.md (js): needs a browser',
    'docs/integrations/scheduler.md (sh): needs an account of Mastodon',
    'docs/integrations/website.md (php): needs WordPress',
    'docs/operations.md (sh): needs the database of a hub',
    'docs/operations.md (graphql): needs people of the Sdis or the préfecture',
    'docs/operations.md (sh): needs the database of a hub',
    'docs/operations.md (sh): opens an envelope',
    'docs/operations.md (yaml): needs Prometheus',
    'docs/operations.md (nginx): needs nginx',
    'docs/operations.md (sh): needs a mail server',
    'docs/operations.md (sh): needs a mail server',
    'docs/operations.md (sh): makes keys',
    'docs/operations.md (sh): of a file that somebody took',
    'docs/operations.md (python): for somebody who has the file and nothing else',
    'docs/operations.md (sh): needs a database that was restored',
    'docs/testing.md (sh): tests in tests',
    'docs/testing.md (sh): tests in tests',
  ]);
});
