import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { PointInput } from '../territory/point.types.ts';
import { type AddressesFound, type AddressSources, nearestAddress, searchAddresses } from './address.queries.ts';
import { PostalAddressListType, PostalAddressType } from './address.types.ts';
import type { AddressView } from './address-view.rules.ts';

@Resolver(() => PostalAddressType)
export class AddressResolver {
  constructor(private readonly sources: AddressSources) {}

  @Query(() => PostalAddressListType, {
    nullable: true,
    description:
      'Addresses by what somebody types, from three signs on: number, street, commune, postal code, in any order and short forms (`12bis bd de la liberation mas`). What is looked for is written down nowhere. For volunteers, marshals and staff.',
  })
  addresses(
    @Ctx() { actor }: Context,
    @Arg('search', () => String, { description: 'At most 200 characters.' }) search: string,
    @Arg('near', () => PointInput, { nullable: true, description: 'What is nearer to it comes first.' })
    near: PointInput | null,
    @Arg('first', () => Int, { defaultValue: 5, description: 'How many, 1 to 20.' }) first: number,
  ): Promise<AddressesFound> {
    return searchAddresses(this.sources, actor, { search, near, first });
  }

  @Query(() => PostalAddressType, {
    nullable: true,
    description:
      'The address that is nearest to a point; null where none is within a kilometre, or no file was loaded. For volunteers, marshals and staff.',
  })
  addressAt(
    @Ctx() { actor }: Context,
    @Arg('point', () => PointInput, { description: 'A point in the Essonne (5 km tolerance).' }) point: PointInput,
  ): Promise<AddressView | null> {
    return nearestAddress(this.sources, actor, point);
  }
}
