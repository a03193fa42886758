import { Field, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar, GeoJSONScalar } from '../graphql/scalars.ts';
import { CommuneType } from '../territory/commune.types.ts';
import type { AddressesFound } from './address.queries.ts';
import type { AddressView } from './address-view.rules.ts';

@ObjectType('PostalAddress', {
  description:
    'An address of the Base Adresse Nationale, or a street alone. For volunteers, marshals and staff: no public text names a house number.',
})
export class PostalAddressType implements Omit<AddressView, 'commune'> {
  @Field(() => String, { description: 'It in one line, as on an envelope.' })
  label!: string;
  @Field(() => String, { nullable: true, description: '`12`, `12 bis`; null where it is a street alone.' })
  houseNumber!: string | null;
  @Field(() => String, { description: 'The name of the street, or of the place.' })
  street!: string;
  @Field(() => String, { nullable: true, description: 'Null where the file has none.' })
  postalCode!: string | null;
  @Field(() => CommuneType, { description: 'The commune of today.' })
  commune!: CommuneType;
  @Field(() => GeoJSONScalar, { description: 'Its Point; of a street alone one in its middle.' })
  point!: AddressView['point'];
  @Field(() => Boolean, {
    description:
      'True where the number that was asked for is not in the file: this is the nearest one of its street, or the street.',
  })
  approximate!: boolean;
  @Field(() => Boolean, {
    description:
      'True where it comes from the geocoder of somebody else that the operator chose, and not from the file.',
  })
  remote!: boolean;
  @Field(() => Int, {
    nullable: true,
    description: 'How far it is from the point that was given, in metres; null without one.',
  })
  distanceMetres!: number | null;
}

@ObjectType('PostalAddressList', { description: 'What a search for addresses found.' })
export class PostalAddressListType implements Pick<AddressesFound, 'loadedAt'> {
  @Field(() => [PostalAddressType], { description: 'The best first.' })
  nodes!: PostalAddressType[];
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the file of addresses was loaded; null while there is none, and nothing can be found.',
  })
  loadedAt!: string | null;
}
