import { afterAll, describe, expect, it } from 'vitest';
import { incidentFile, newIncident, onIncident, type SeenIncident } from '../../support/crisis-cell/incident-desk.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, draft, hoursFromNow, publishNew, refusal, release, revise } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** An incident from its opening to its opening again, over the public API. */
const { url } = await testDatabase();
const hub = await startHub({ url });
const second = await startHub({ url });
afterAll(() => Promise.all([hub.close(), second.close()]));

const seen = ({ id, version }: SeenIncident) => ({ id, version });
const raise = (incident: SeenIncident, level = 'FULL') =>
  onIncident(hub, 'duty', 'setIncidentLevel', { ...seen(incident), level, reason: 'La crue monte.' });
const close = (incident: SeenIncident, leaveRunning: string[] = []) =>
  onIncident(hub, 'validator', 'closeIncident', { ...seen(incident), reason: 'Décrue.', leaveRunning });
const reopen = (incident: SeenIncident) =>
  onIncident(hub, 'validator', 'reopenIncident', { ...seen(incident), reason: 'Nouvelle crue.' });
const edit = (incident: SeenIncident, input: object) =>
  onIncident(hub, 'editor', 'reviseIncident', { ...seen(incident), input });

async function organisation(name: string): Promise<{ id: string; version: number }> {
  const { made } = await hub
    .as('admin')
    .request<{ made: { organisation: { id: string; version: number } } }>(
      'mutation ($name: String!) { made: createOrganisation(kind: SDIS, name: $name, shortName: "X") { organisation { id version } } }',
      { name },
    );
  return made.organisation;
}

describe('an incident', () => {
  it('is opened on standby, with one period, and found by its id and its slug', async () => {
    const opened = await newIncident(hub, 'crue-1');
    expect(opened).toEqual({
      id: opened.id,
      version: 1,
      incident: { slug: 'crue-1' },
      state: 'OPEN',
      level: 'STANDBY',
      mode: 'ACTUAL',
      objectives: [],
      perimeter: null,
      keywords: [],
      channels: [],
      participants: [],
      requestedBy: null,
      periods: [{ from: expect.any(String), to: null, openedFor: null, closedFor: null }],
      levelChanges: [],
      leftRunning: [],
    });
    expect(await incidentFile(second, { slug: 'crue-1' })).toEqual(opened);
    for (const name of [{ slug: 'x' }, { id: 'x' }, { id: '01900000-0000-7000-8000-00000000dead' }])
      expect(await incidentFile(hub, name)).toBeNull();
    for (const name of [{}, { id: opened.id, slug: 'crue-1' }])
      expect(await refusal(incidentFile(hub, name))).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'id' }] });
  });

  it('is listed to staff, those of one state alone where they ask for them', async () => {
    const [open, closed] = [await newIncident(hub, 'liste-1'), await close(await newIncident(hub, 'liste-2'))];
    const list = async (state: string | null) => {
      const { incidentFiles } = await hub
        .as('checker')
        .request<{ incidentFiles: { nodes: { id: string }[]; totalCount: number } }>(
          'query ($state: IncidentState) { incidentFiles(state: $state, first: 100) { nodes { id } totalCount } }',
          { state },
        );
      expect(incidentFiles.totalCount).toBe(incidentFiles.nodes.length);
      return incidentFiles.nodes.map(({ id }) => id);
    };
    expect((await list(null)).slice(0, 2)).toEqual([closed.id, open.id]);
    expect(await list('OPEN')).toContain(open.id);
    expect(await list('OPEN')).not.toContain(closed.id);
    expect(await list('CLOSED')).toContain(closed.id);
  });

  it('is revised as a whole: what the input leaves out is gone', async () => {
    const [sdis, prefecture] = [await organisation('Sdis 91'), await organisation('Préfecture 91')];
    const revised = await edit(await newIncident(hub, 'crue-2'), {
      objectives: [' Informer les riverains. ', 'Informer les riverains.', 'Aider les mairies.'],
      perimeter: { description: 'Yvette aval', communes: ['91345', '91223'] },
      keywords: ['yvette', 'inond*'],
      channels: ['Salle 12'],
      participants: [sdis.id.toUpperCase(), prefecture.id],
      requestedBy: prefecture.id,
    });
    expect(revised).toMatchObject({
      version: 2,
      objectives: ['Informer les riverains.', 'Aider les mairies.'],
      perimeter: {
        id: `${revised.id}.perimeter`,
        description: 'Yvette aval',
        communes: [{ code: '91223' }, { code: '91345' }],
      },
      keywords: ['yvette', 'inond*'],
      channels: ['Salle 12'],
      participants: [
        { id: prefecture.id, name: 'Préfecture 91' },
        { id: sdis.id, name: 'Sdis 91' },
      ],
      requestedBy: { id: prefecture.id },
    });
    expect(await edit(revised, { objectives: ['Aider.'], participants: [sdis.id] })).toMatchObject({
      version: 3,
      objectives: ['Aider.'],
      perimeter: null,
      keywords: [],
      channels: [],
      participants: [{ id: sdis.id }],
      requestedBy: null,
    });
  });

  it('keeps an organisation that has closed since, and takes no other that is closed', async () => {
    const [kept, other] = [await organisation('Association A'), await organisation('Association B')];
    const input = { objectives: [], participants: [kept.id], requestedBy: kept.id };
    const revised = await edit(await newIncident(hub, 'crue-3'), input);
    for (const { id, version } of [kept, other])
      await hub
        .as('admin')
        .request('mutation ($id: ID!, $version: Int!) { closeOrganisation(id: $id, version: $version) { asOf } }', {
          id,
          version,
        });
    const again = await edit(revised, input);
    expect(again.participants).toMatchObject([{ id: kept.id }]);
    const faulty = edit(again, { objectives: [], participants: [kept.id, other.id], requestedBy: other.id });
    expect(await refusal(faulty)).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'input.requestedBy' }, { path: 'input.participants.1' }],
    });
  });

  it.each([
    [{ objectives: ['x'.repeat(501)] }, 'input.objectives.0'],
    [{ objectives: Array.from({ length: 21 }, (_, index) => `But ${index}`) }, 'input.objectives'],
    [{ objectives: ['\u0000'] }, 'input.objectives.0'],
    [{ objectives: ['\ud800'] }, 'input.objectives.0'],
    [{ objectives: [' '] }, 'input.objectives.0'],
    [{ objectives: [], keywords: ['…'] }, 'input.keywords.0'],
    [{ objectives: [], channels: ['x'.repeat(201)] }, 'input.channels.0'],
    [{ objectives: [], participants: ['x'] }, 'input.participants.0'],
    [{ objectives: [], requestedBy: '01900000-0000-7000-8000-00000000dead' }, 'input.requestedBy'],
    [{ objectives: [], perimeter: { description: 'Paris', communes: ['75056'] } }, 'input.perimeter.communes.0'],
    [{ objectives: [], perimeter: { description: 'Nulle part' } }, 'input.perimeter'],
    [
      { objectives: [], perimeter: { description: 'Lyon', geometry: { type: 'Point', coordinates: [4.8, 45.7] } } },
      'input.perimeter.geometry',
    ],
  ])('refuses %j, and nothing of it is written', async (input, path) => {
    const before = (await incidentFile(hub, { slug: 'crue-1' }))!;
    expect(await refusal(edit(before, input))).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path }] });
    expect(await incidentFile(hub, { slug: 'crue-1' })).toEqual(before);
  });

  it('has another level for a reason, which stays', async () => {
    const opened = await newIncident(hub, 'crue-4');
    const full = await raise(await raise(opened, 'REINFORCED'));
    expect(full).toMatchObject({
      version: 3,
      level: 'FULL',
      levelChanges: [
        { level: 'REINFORCED', reason: 'La crue monte.' },
        { level: 'FULL', reason: 'La crue monte.' },
      ],
    });
    expect(await refusal(raise(full))).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'level' }] });
    for (const reason of ['', ' ', 'x'.repeat(2001), '\u0000']) {
      const attempt = onIncident(hub, 'duty', 'setIncidentLevel', { ...seen(full), level: 'PARTIAL', reason });
      expect(await refusal(attempt)).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'reason' }] });
    }
  });

  it('goes through its states, and is not where a deed does not begin', async () => {
    const open = await raise(await newIncident(hub, 'crue-5'));
    expect(await refusal(reopen(open))).toMatchObject({ code: 'WRONG_STAGE' });
    const closed = await close(open);
    expect(closed).toMatchObject({
      version: 3,
      state: 'CLOSED',
      level: 'STANDBY',
      periods: [{ from: expect.any(String), to: expect.any(String), openedFor: null, closedFor: 'Décrue.' }],
    });
    for (const attempt of [() => edit(closed, { objectives: [] }), () => raise(closed), () => close(closed)])
      expect(await refusal(attempt())).toMatchObject({ code: 'WRONG_STAGE' });
    const again = await reopen(closed);
    expect(again).toMatchObject({
      version: 4,
      state: 'OPEN',
      level: 'STANDBY',
      periods: [closed.periods[0], { to: null, openedFor: 'Nouvelle crue.', closedFor: null }],
    });
    expect((await close(again)).periods).toMatchObject([{ closedFor: 'Décrue.' }, { closedFor: 'Décrue.' }]);
  });

  it('takes of two people at once the first, and tells the second where it stands', async () => {
    const incident = await newIncident(hub, 'crue-6');
    const attempts = ['PARTIAL', 'FULL', 'REINFORCED'].map((level, index) =>
      onIncident([hub, second][index % 2]!, 'duty', 'setIncidentLevel', { ...seen(incident), level, reason: 'Ordre.' }),
    );
    const codes = await Promise.all(
      attempts.map((attempt) =>
        attempt.then(
          () => 'done',
          () => refusal(attempt).then(({ code, currentVersion }) => `${code} ${String(currentVersion)}`),
        ),
      ),
    );
    expect(codes.sort()).toEqual(['CONFLICT 2', 'CONFLICT 2', 'done']);
    expect((await incidentFile(hub, { id: incident.id }))?.levelChanges).toHaveLength(1);
  });
});

describe('closing an incident (I-38)', () => {
  const headline = 'L’Orge déborde à Arpajon';
  const words = { texts: [{ language: 'fr-FR', headline, description: 'Le bas de la ville est inondé.' }] };

  it('is refused, with the list, while something of it is in force or to come', async () => {
    const incident = await newIncident(hub, 'orge-1');
    const alert = await publishNew(hub, 'Alert', alertInput({ ...words, incidentId: incident.id }));
    const event = await publishNew(hub, 'Event', {
      texts: [{ language: 'fr-FR', headline: 'Réunion des sinistrés', description: 'À la mairie.' }],
      areas: [{ description: 'Arpajon', communes: ['91021'] }],
      startsAt: hoursFromNow(20),
      endsAt: hoursFromNow(22),
      incidentId: incident.id,
    });
    const refused = await refusal(close(incident, [event.id]));
    expect(refused).toMatchObject({ code: 'WRONG_STAGE', running: [{ id: alert.id, headline }] });
    expect(await refusal(close(incident))).toMatchObject({
      code: 'WRONG_STAGE',
      running: [{ id: alert.id }, { id: event.id, headline: 'Réunion des sinistrés' }],
    });
    expect(await incidentFile(hub, { id: incident.id })).toEqual(incident);
    const closed = await close(incident, [alert.id.toUpperCase(), event.id]);
    expect(closed).toMatchObject({ state: 'CLOSED', leftRunning: [alert.id, event.id] });
    expect((await reopen(closed)).leftRunning).toEqual([]);
  });

  it('asks nothing of what is over, and names nothing that is not its own', async () => {
    const incident = await newIncident(hub, 'orge-2');
    const other = await publishNew(hub);
    const over = await publishNew(hub, 'Alert', alertInput({ incidentId: incident.id }));
    await hub
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Erreur") { asOf } }',
        { id: over.id, version: over.version },
      );
    for (const id of [other.id, 'x', '01900000-0000-7000-8000-00000000dead'])
      expect(await refusal(close(incident, [over.id, id]))).toMatchObject({
        code: 'INVALID_INPUT',
        fields: [{ path: 'leaveRunning.1' }],
      });
    expect((await close(incident, [over.id])).leftRunning).toEqual([]);
  });

  it('takes no new dossiers from then on, and holds back none that belonged to it', async () => {
    const incident = await newIncident(hub, 'orge-3');
    const input = alertInput({ ...words, incidentId: incident.id });
    const inHand = await draft(hub, 'Alert', input);
    const elsewhere = await draft(hub, 'Alert', alertInput(words));
    await close(incident);
    const notOpen = { code: 'INVALID_INPUT', fields: [{ path: 'input.incidentId' }] };
    expect(await refusal(draft(hub, 'Alert', input))).toMatchObject(notOpen);
    expect(await refusal(revise(hub, 'Alert', elsewhere, input))).toMatchObject(notOpen);
    const revised = await revise(hub, 'Alert', inHand, { ...input, urgency: 'FUTURE' });
    expect(await release(hub, revised)).toMatchObject({ stage: 'PUBLISHED' });
  });
});

describe('the public', () => {
  it('reads of an incident its slug, its title and its publications, and nothing else', async () => {
    const secret = 'Libellule';
    const incident = await newIncident(hub, 'canari');
    const revised = await edit(incident, { objectives: [secret], keywords: [secret], channels: [secret] });
    const full = await onIncident(hub, 'duty', 'setIncidentLevel', { ...seen(revised), level: 'FULL', reason: secret });
    const { id } = await publishNew(hub, 'Alert', alertInput({ incidentId: incident.id }));
    const { __type } = await hub
      .as()
      .request<{ __type: { fields: { name: string }[] } }>('{ __type(name: "Incident") { fields { name } } }');
    expect(__type.fields.map(({ name }) => name).sort()).toEqual(['id', 'publications', 'slug', 'title']);
    const pages = [
      `/publications/${id}`,
      `/publications/${id}.jsonld`,
      `/cap/${id}/latest.xml`,
      '/',
      '/feeds/alerts.atom',
    ];
    for (const page of pages) {
      const answer = await fetch(`${hub.url}${page}`);
      expect([page, answer.status]).toEqual([page, 200]);
      expect(await answer.text()).not.toMatch(/Libellule|FULL|STANDBY/);
    }
    for (const persona of [undefined, 'volunteer', 'marshal', 'scheduler', 'admin'] as const) {
      const code = persona ? 'FORBIDDEN' : 'UNAUTHENTICATED';
      const attempt = hub.as(persona).request('query ($id: ID) { incidentFile(id: $id) { level } }', { id: full.id });
      expect(await refusal(attempt)).toMatchObject({ code });
    }
  });
});
