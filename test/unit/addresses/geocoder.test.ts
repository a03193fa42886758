import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readFeatures } from '../../../src/addresses/remote/features.rules.ts';
import { Geocoder } from '../../../src/addresses/remote/geocoder.ts';
import { PUBLIC_TARGETS, TARGETS_WITH_LOOPBACK } from '../../../src/outgoing/checked-connection.ts';
import { territory } from '../../support/hub/hub.ts';

const feature = (properties: object, coordinates: unknown = [2.2965, 48.6911]) => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates },
  properties: {
    ...{ label: '12 Rue de Paris 91160 Longjumeau', score: 0.9, type: 'housenumber', name: '12 Rue de Paris' },
    ...{ housenumber: '12', street: 'Rue de Paris', postcode: '91160', citycode: '91345', city: 'Longjumeau' },
    ...properties,
  },
});
const answerOf = (...features: object[]) => JSON.stringify({ type: 'FeatureCollection', features });
const labelsIn = (text: string) => readFeatures(text, territory)?.map(({ label }) => label);

describe('what another geocoder answers', () => {
  it('is read as addresses of the Département; others are left out', () => {
    const street = { type: 'street', name: 'Rue Neuve', housenumber: undefined, street: undefined, distance: 12.4 };
    const text = answerOf(feature({}), feature(street), feature({ citycode: '75056' }), feature({ citycode: '91182' }));
    expect(labelsIn(text)).toEqual([
      '12 Rue de Paris, 91160 Longjumeau',
      'Rue Neuve, 91160 Longjumeau',
      '12 Rue de Paris, 91160 Évry-Courcouronnes',
    ]);
    expect(readFeatures(text, territory)?.[1]).toMatchObject({ remote: true, distanceMetres: 12, houseNumber: null });
  });

  it.each([
    ['no JSON', '<html>'],
    ['another JSON', '{"error":"x"}'],
    ['a place that is none', answerOf(feature({}, ['a', 'b']))],
    ['no commune', answerOf(feature({ citycode: 5 }))],
    ['a name without end', answerOf(feature({ name: 'x'.repeat(5_000) }))],
  ])('is nothing where it is %s', (_what, text) => {
    expect(labelsIn(text)).toBeUndefined();
  });
});

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function geocoderAt(listener: RequestListener, more: object = {}) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const faults: string[] = [];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/geocodage`;
  const onFault = (fault: string) => void faults.push(fault);
  const geocoder = new Geocoder({ url, targets: TARGETS_WITH_LOOPBACK, territory, onFault, ...more });
  return { geocoder, faults };
}

describe('another geocoder', () => {
  it('is asked as it wants to be asked', async () => {
    const asked: string[] = [];
    const { geocoder } = await geocoderAt((request, response) => {
      asked.push(request.url ?? '');
      response.end(answerOf(feature({ distance: 3 })));
    });
    expect(await geocoder.search('12 rue de Paris & x', { lon: 2.3, lat: 48.7 }, 5)).toHaveLength(1);
    expect(await geocoder.nearest({ lon: 2.2965, lat: 48.6911 })).toMatchObject({ distanceMetres: 3, remote: true });
    expect(asked).toEqual([
      '/geocodage/search?q=12+rue+de+Paris+%26+x&limit=5&index=address&lon=2.3&lat=48.7',
      '/geocodage/reverse?lon=2.2965&lat=48.6911&limit=1&index=address',
    ]);
  });

  it.each<[string, RequestListener, string]>([
    ['is broken', (_request, response) => response.writeHead(500).end(), 'it answers 500'],
    ['has enough', (_request, response) => response.writeHead(429, { 'retry-after': '5' }).end(), 'it answers 429'],
    ['leads elsewhere', (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end(), 'reached'],
    ['answers something else', (_request, response) => response.end('{}'), 'not as expected'],
    ['never ends', (_request, response) => void response.write('{'), 'in time'],
    ['answers too much', (_request, response) => response.end('x'.repeat(300_000)), 'more than'],
    ['hangs up', (request) => request.socket.destroy(), 'cannot be reached'],
  ])('that %s finds nothing, is left alone, and the log does not say what was asked', async (_how, listener, words) => {
    let asked = 0;
    const { geocoder, faults } = await geocoderAt(
      (request, response) => {
        asked += 1;
        listener(request, response);
      },
      { timeoutMs: 500 },
    );
    expect(await geocoder.search('canari', null, 5)).toEqual([]);
    expect(faults).toEqual([expect.stringContaining(words)]);
    expect(faults.join()).not.toContain('canari');
    expect(await geocoder.search('canari', null, 5)).toEqual([]);
    expect(await geocoder.nearest({ lon: 2.3, lat: 48.7 })).toBeNull();
    expect(asked).toBe(1);
  });

  it('is not reached on the network of the hub itself', async () => {
    const asked: unknown[] = [];
    const { geocoder, faults } = await geocoderAt((request) => void asked.push(request.url), {
      targets: PUBLIC_TARGETS,
    });
    expect(await geocoder.search('canari', null, 5)).toEqual([]);
    expect([asked.length, faults.length]).toEqual([0, 1]);
  });
});
