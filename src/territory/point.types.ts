import { Field, Float, InputType } from 'type-graphql';

@InputType('PointInput', { description: 'A point on earth, WGS 84.' })
export class PointInput {
  @Field(() => Float, { description: 'Longitude in degrees, east positive.' })
  lon!: number;
  @Field(() => Float, { description: 'Latitude in degrees, north positive.' })
  lat!: number;
}
