import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import {
  adviceInput,
  alertInput,
  closureInput,
  correctionInput,
  eventInput,
  hoursFromNow,
  publishNew,
  release,
  revise,
  type Written,
} from '../../support/desk/desk.ts';
import { Follower } from '../../support/following/follower.ts';
import { startHub } from '../../support/hub/hub.ts';

/** The stories of a crisis, end to end, through the public API alone. */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const read = <T>(query: string, variables: object = {}) => hub.as().request<T>(query, variables);
const observe = (id: string, state: string) =>
  hub.as('editor').request(
    `mutation ($id: ID!, $state: ObservedState!, $at: DateTime!) {
      observeClosure(id: $id, state: $state, observedAt: $at) { publication { id observed { state } } } }`,
    { id, state, at: hoursFromNow(-0.01) },
  );

describe('a flood in six revisions', () => {
  it('is one thread whose history, changed fields and rings tell how it went', async () => {
    const follower = new Follower(hub.url, null, { kinds: ['ALERT'] });
    const here = new Follower(hub.url, null, { kinds: ['ALERT'], communes: ['91345'] });
    const there = new Follower(hub.url, null, { kinds: ['ALERT'], communes: ['91174'] });
    await Promise.all([follower, here, there].map((one) => one.ready()));
    const areas = (...communes: string[]) => [{ description: 'Vallées', communes }];
    const levels = [
      alertInput({ severity: 'MINOR', areas: areas('91345') }),
      alertInput({ severity: 'MODERATE', areas: areas('91345') }),
      alertInput({ severity: 'SEVERE', areas: areas('91345') }),
      alertInput({ severity: 'SEVERE', areas: areas('91345', '91589', '91174') }),
      alertInput({ severity: 'SEVERE', areas: areas('91345', '91589', '91174'), contact: 'mairie@example.fr' }),
      alertInput({ severity: 'MODERATE', areas: areas('91345', '91589', '91174'), contact: 'mairie@example.fr' }),
    ];
    let thread: Written = await publishNew(hub, 'Alert', levels[0]);
    for (const input of levels.slice(1)) thread = await release(hub, await revise(hub, 'Alert', thread, input));
    await follower.until(({ heard }) => heard.length === 6);
    expect(follower.heard.map(({ type, publication }) => [type, publication?.revision])).toEqual([
      ['PUBLISHED', 1],
      ...[2, 3, 4, 5, 6].map((number) => ['UPDATED', number]),
    ]);
    // New, graver, graver, wider; then neither the contact nor a lesser gravity makes a phone ring.
    const ringsOf = ({ heard }: Follower) => heard.map((change) => (change as unknown as { ring: boolean }).ring);
    expect(ringsOf(follower)).toEqual([true, true, true, true, false, false]);
    // What is only wider elsewhere is silent where nothing is new, and sounds where it came to.
    await here.until(({ heard }) => heard.length === 6);
    await there.until(({ heard }) => heard.length === 3);
    expect(ringsOf(here)).toEqual([true, true, true, false, false, false]);
    expect(ringsOf(there)).toEqual([true, false, false]);
    await Promise.all([here, there].map((one) => one.stop()));
    const { publication } = await read<{
      publication: { history: { changedFields: string[]; contentHash: string }[] };
    }>('query ($id: ID!) { publication(id: $id) { history { changedFields contentHash } } }', { id: thread.id });
    expect(
      publication.history.map(({ changedFields }) => changedFields.filter((field) => field !== 'ENDS_AT')),
    ).toEqual([[], ['SEVERITY'], ['SEVERITY'], ['AREAS'], ['CONTACT'], ['SEVERITY']]);
    expect(new Set(publication.history.map(({ contentHash }) => contentHash)).size).toBe(6);
    await follower.stop();
  });
});

describe('a road closed, reopened and closed again', () => {
  it('keeps one stable id, and every follower hears what was seen', async () => {
    const follower = new Follower(hub.url, null, { kinds: ['CLOSURE'] });
    await follower.ready();
    const { id } = await publishNew(hub, 'Closure');
    for (const state of ['IN_PLACE', 'REOPENED', 'IN_PLACE']) await observe(id, state);
    await follower.until(({ heard }) => heard.length === 4);
    expect(follower.heard.map(({ type, publication }) => [type, publication?.id])).toEqual([
      ['PUBLISHED', id],
      ['OBSERVED', id],
      ['OBSERVED', id],
      ['OBSERVED', id],
    ]);
    expect(
      await read(
        'query ($id: ID!) { publication(id: $id) { revision ... on ClosurePublication { observed { state } } } }',
        {
          id,
        },
      ),
    ).toEqual({ publication: { revision: 1, observed: { state: 'IN_PLACE' } } });
    await follower.stop();
  });
});

describe('a rumour', () => {
  it('from the first post to the published correction', async () => {
    const { submitReport } = await hub
      .as('volunteer')
      .request<{ submitReport: { report: { id: string } } }>(
        'mutation ($input: FieldReportInput!) { submitReport(input: $input) { report { id } } }',
        {
          input: {
            text: 'Ça sent le gaz partout, c’est dangereux !',
            channel: 'X',
            seenAt: hoursFromNow(-1),
            commune: '91174',
          },
        },
      );
    const { id } = submitReport.report;
    await hub.as('checker').request('mutation ($id: ID!) { claimReport(id: $id) { report { state } } }', { id });
    await hub
      .as('checker')
      .request(
        'mutation ($id: ID!, $conclusion: ConclusionInput!) { concludeReport(id: $id, conclusion: $conclusion) { report { state } } }',
        {
          id,
          conclusion: {
            state: 'PARTLY_CONFIRMED',
            explanation: 'L’odeur est réelle, le danger ne l’est pas.',
            evidence: [{ label: 'Préfecture', url: 'https://prefecture.example/gaz', official: true }],
          },
        },
      );
    const { id: thread } = await publishNew(hub, 'Correction', correctionInput({ reportIds: [id] }));
    const answer = await read<{ situation: { corrections: { id: string; rating: number; verdict: string }[] } }>(
      '{ situation(place: { commune: "91174" }) { corrections { id rating verdict evidence { label official } } } }',
    );
    expect(answer.situation.corrections).toContainEqual({
      id: thread,
      rating: 1,
      verdict: 'INACCURATE',
      evidence: [{ label: 'Préfecture', official: true }],
    });
  });

  it('rating is set exactly for verdicts on the scale (I-12)', async () => {
    const ratings = {
      ACCURATE: 5,
      MOSTLY_ACCURATE: 4,
      PARTLY_ACCURATE: 3,
      MISLEADING: 2,
      INACCURATE: 1,
      UNVERIFIABLE: null,
      SATIRE: null,
    };
    for (const [verdict, rating] of Object.entries(ratings)) {
      const { id } = await publishNew(hub, 'Correction', correctionInput({ verdict }));
      const answer = await read(
        'query ($id: ID!) { publication(id: $id) { ... on CorrectionPublication { rating } } }',
        {
          id,
        },
      );
      expect(answer).toEqual({ publication: { rating } });
    }
  });
});

describe('a reassurance without an alert', () => {
  it('is advice that stands where people look', async () => {
    const areas = [{ description: 'Dourdan', communes: ['91200'] }];
    const { id } = await publishNew(hub, 'Advice', adviceInput({ areas, phase: 'AFTER' }));
    const answer = await read<{ situation: { alerts: object[]; advice: object[] } }>(
      '{ situation(place: { commune: "91200" }) { alerts { id } advice { id phase dos donts } } }',
    );
    expect(answer.situation).toEqual({
      alerts: [],
      advice: [{ id, phase: 'AFTER', dos: ['Montez à l’étage.'], donts: ['Ne descendez pas au sous-sol.'] }],
    });
  });
});

describe('advice', () => {
  it('stays in an alert as it was when the alert was published', async () => {
    const advice = await publishNew(hub, 'Advice');
    const alert = await publishNew(hub, 'Alert', alertInput({ adviceIds: [advice.id] }));
    await release(hub, await revise(hub, 'Advice', advice, adviceInput({ audience: 'Familles' })));
    const shown =
      'query ($id: ID!) { publication(id: $id) { ... on AlertPublication { advice { revision audience } } } }';
    expect(await read(shown, { id: alert.id })).toEqual({ publication: { advice: [{ revision: 1, audience: null }] } });
  });
});

describe('race day', () => {
  it('gathers its closures, and a delay of the event shows on all of them once they are revised', async () => {
    const event = await publishNew(hub, 'Event', eventInput({ startsAt: hoursFromNow(4), endsAt: hoursFromNow(9) }));
    const window = (delay: number) => ({ startsAt: hoursFromNow(3 + delay), endsAt: hoursFromNow(10 + delay) });
    const closures = [
      await publishNew(hub, 'Closure', closureInput({ eventId: event.id, ...window(0) })),
      await publishNew(hub, 'Closure', closureInput({ eventId: event.id, ...window(0), restriction: 'PARKING_BAN' })),
    ];
    const delayed = { startsAt: hoursFromNow(6), endsAt: hoursFromNow(11), eventStatus: 'RESCHEDULED' };
    await release(hub, await revise(hub, 'Event', event, eventInput(delayed)));
    for (const closure of closures)
      await release(hub, await revise(hub, 'Closure', closure, closureInput({ eventId: event.id, ...window(2) })));
    const { publication } = await read<{ publication: { eventStatus: string; closures: { revision: number }[] } }>(
      'query ($id: ID!) { publication(id: $id) { ... on EventPublication { eventStatus closures { revision startsAt } } } }',
      { id: event.id },
    );
    expect(publication.eventStatus).toBe('RESCHEDULED');
    expect(publication.closures.map(({ revision }) => revision)).toEqual([2, 2]);
  });
});

describe('a list of communes of 2018', () => {
  it('still resolves today (I-18)', async () => {
    const list = [{ description: 'Arrêté de 2018', communes: ['91182', '91228', '91421', '91600', '91631'] }];
    const { id } = await publishNew(hub, 'Alert', alertInput({ areas: list }));
    const { publication } = await read<{ publication: { communes: { name: string }[] } }>(
      'query ($id: ID!) { publication(id: $id) { communes { name } } }',
      { id },
    );
    expect(publication.communes.map(({ name }) => name)).toEqual([
      'Évry-Courcouronnes',
      'Montgeron',
      'Soisy-sur-Seine',
      'Varennes-Jarcy',
    ]);
  });
});
