import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TARGETS_WITH_LOOPBACK } from '../../../src/outgoing/checked-connection.ts';
import { testDatabase } from '../../support/database/database.ts';
import { FEW, loadInto } from '../../support/generated/address-file.ts';
import { fileOf } from '../../support/generated/address-lines.ts';
import { startHub, territory } from '../../support/hub/hub.ts';

/** A hub whose operator chose another's geocoder. */
const asked: string[] = [];
const other = createServer((request, response) => {
  asked.push(request.url ?? '');
  const properties = { type: 'street', name: 'Rue Lointaine', postcode: '91160', citycode: '91345' };
  const geometry = { type: 'Point', coordinates: [2.3, 48.69] };
  response.end(JSON.stringify({ features: [{ geometry, properties }] }));
}).listen(0, '127.0.0.1');
await once(other, 'listening');
const { url } = await testDatabase();
const geocoder = { url: `http://127.0.0.1:${(other.address() as AddressInfo).port}`, targets: TARGETS_WITH_LOOPBACK };
const hub = await startHub({ url, more: { geocoder } });
beforeAll(() => loadInto(url, territory, fileOf(FEW)));
afterAll(async () => {
  await hub.close();
  other.closeAllConnections();
  other.close();
});

const find = async (search: string) =>
  (
    await hub
      .as('volunteer')
      .request<{ addresses: { nodes: object[] } }>(
        'query ($search: String!) { addresses(search: $search) { nodes { label remote } } }',
        { search },
      )
  ).addresses.nodes;

it('is asked where the hub finds nothing itself, and only then', async () => {
  expect(await find('12 rue aristide briand')).toMatchObject([{ remote: false }]);
  expect(await find('x')).toEqual([]);
  expect(asked).toEqual([]);
  expect(await find('rue lointaine')).toEqual([{ label: 'Rue Lointaine, 91160 Longjumeau', remote: true }]);
  expect(asked).toHaveLength(1);
  const { addressAt } = await hub
    .as('marshal')
    .request<{ addressAt: object }>('{ addressAt(point: { lon: 2.1, lat: 48.4 }) { label remote } }');
  expect(addressAt).toEqual({ label: 'Rue Lointaine, 91160 Longjumeau', remote: true });
});
