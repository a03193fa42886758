import { parisTime } from '../../clock.ts';
import { type Ask, release, type Written, write } from './ask.ts';

const HOUR = 3600_000;

/** A drill in the kit: the publication, and the address of each CAP message, in the order in which they were sent. */
export interface Drill {
  id: string;
  messages: { name: 'alert' | 'update' | 'cancel' | 'all-clear'; url: string }[];
}

/**
 * Plays two exercises on a hub: an alert that is updated and then cancelled, and one that ends with an all clear. They are
 * exercises, so that only clients that ask for exercises get them.
 */
export async function playDrills(ask: Ask): Promise<{ cancelled: Drill; cleared: Drill }> {
  const one = await open(ask, 'Crue de l’Yvette');
  const updated = await release(ask, await write(ask, 'Alert', input('Crue de l’Yvette', 'EXTREME'), one.dossier));
  const update = { name: 'update', url: await messageOf(ask, updated) } as const;
  await ask(
    'validator',
    `mutation ($id: ID!, $version: Int!, $reason: String!) { cancelPublication(id: $id, version: $version, reason: $reason) { asOf } }`,
    { id: updated.id, version: updated.version, reason: 'Fin de l’exercice.' },
  );
  const cancel = { name: 'cancel', url: await messageOf(ask, updated) } as const;
  const other = await open(ask, 'Orages sur Montgeron');
  await ask(
    'validator',
    `mutation ($id: ID!, $version: Int!, $texts: [PublicationTextInput!]!) { giveAllClear(id: $id, version: $version, texts: $texts) { asOf } }`,
    {
      id: other.dossier.id,
      version: other.dossier.version,
      texts: [
        { language: 'fr-FR', headline: 'EXERCICE Fin de l’alerte', description: 'EXERCICE Le danger est passé.' },
      ],
    },
  );
  const clear = { name: 'all-clear', url: await messageOf(ask, other.dossier) } as const;
  return {
    cancelled: { id: one.dossier.id, messages: [...one.messages, update, cancel] },
    cleared: { id: other.dossier.id, messages: [...other.messages, clear] },
  };
}

async function open(ask: Ask, what: string) {
  const dossier = await release(ask, await write(ask, 'Alert', input(what, 'SEVERE')));
  return { dossier, messages: [{ name: 'alert', url: await messageOf(ask, dossier) } as const] };
}

async function messageOf(ask: Ask, { id }: Written): Promise<string> {
  const query = 'query ($id: ID!) { publication(id: $id) { ... on AlertPublication { capUrl } } }';
  return (await ask<{ publication: { capUrl: string } }>('validator', query, { id })).publication.capUrl;
}

const input = (what: string, severity: 'SEVERE' | 'EXTREME') => ({
  mode: 'EXERCISE',
  hazard: 'OET-081',
  categories: ['MET'],
  responseTypes: ['AVOID'],
  urgency: 'EXPECTED',
  severity,
  certainty: 'LIKELY',
  decision: {
    authority: 'PREFECT',
    by: 'La préfète de l’Essonne (exercice)',
    form: 'WRITTEN_ACT',
    act: 'EXERCICE',
    decidedAt: parisTime(new Date(Date.now() - HOUR)),
  },
  endsAt: parisTime(new Date(Date.now() + 12 * HOUR)),
  areas: [{ description: 'Longjumeau', communes: ['91345'] }],
  texts: [
    {
      language: 'fr-FR',
      headline: `EXERCICE ${what} (${severity === 'EXTREME' ? 'évacuation' : 'vigilance'})`,
      description: 'EXERCICE Ceci est un exemple pour ceux qui écrivent des applications.',
      instruction: 'EXERCICE Ne faites rien.',
    },
    {
      language: 'en-GB',
      headline: `EXERCISE ${what} (${severity === 'EXTREME' ? 'evacuation' : 'vigilance'})`,
      description: 'EXERCISE This is an example for those who write apps.',
      instruction: 'EXERCISE Do nothing.',
    },
  ],
});
