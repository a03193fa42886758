import { Field, ID, Int, ObjectType } from 'type-graphql';
import { CommuneCodeScalar, GeoJSONScalar } from '../graphql/scalars.ts';
import { connectionOf } from '../paging/connection.types.ts';
import type { GeoJsonGeometry } from './geometry.rules.ts';

@ObjectType('Commune', { description: 'A commune of the Essonne, as in force today.' })
export class CommuneType {
  @Field(() => ID, { description: 'Its id: the INSEE code.' })
  id!: string;
  @Field(() => CommuneCodeScalar, { description: 'INSEE code.' })
  code!: string;
  @Field(() => String, { description: 'Its name.' })
  name!: string;
  @Field(() => [String], { description: 'Its postal codes.' })
  postalCodes!: readonly string[];
  @Field(() => Int, { nullable: true, description: 'Inhabitants (INSEE); null where their number is not known.' })
  population!: number | null;
  @Field(() => GeoJSONScalar, { description: 'A Point inside it, good for a label.' })
  centre!: GeoJsonGeometry;
  @Field(() => GeoJSONScalar, { description: 'Polygon or MultiPolygon.' })
  outline!: GeoJsonGeometry;
  @Field(() => Boolean, { description: 'True while the outline is a cell around the centre, not the official one.' })
  approximate!: boolean;
}

export const CommuneConnectionType = connectionOf('Commune', () => CommuneType, {
  description: 'A page of communes, best found first, or by name.',
  nodes: 'The communes of this page.',
});
