import type { Actor } from '../access/actor.ts';
import { demand } from '../access/permissions.rules.ts';
import type { AddressSources } from '../addresses/address.queries.ts';
import { oneAddress } from '../addresses/one-address.queries.ts';
import { invalidInput } from '../errors.ts';

interface Placed {
  point?: { lon: number; lat: number } | null;
  commune?: string | null;
  address?: string | null;
}

/**
 * A report as it was sent, with the point and the commune of its address where it names one; the address itself is not kept. INVALID_INPUT
 * where no single address is meant.
 */
export async function withPlaceOfAddress<Input extends Placed>(
  sources: AddressSources,
  actor: Actor | null,
  { address, ...input }: Input,
): Promise<Omit<Input, 'address'> & Placed> {
  demand(actor, 'submitReport');
  if (address === undefined || address === null) return input;
  if (input.point) throw invalidInput([{ path: 'input.address', message: 'must be left out beside point' }]);
  const found = await oneAddress(sources, actor, address, 'input.address');
  const [lon = 0, lat = 0] = found.point.coordinates;
  return { ...input, point: { lon, lat }, commune: input.commune ?? found.commune.code };
}
