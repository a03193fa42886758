import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AccountType } from '../../access/account.types.ts';
import { DateTimeScalar, GeoJSONScalar } from '../../graphql/scalars.ts';
import type { PictureBox } from '../../pictures/pressed.ts';
import type { PictureView, ReportView } from '../report-view.ts';
import type { PictureTwin } from './picture-views.queries.ts';

@ObjectType('FieldPicture', {
  description:
    'A picture of a report. For those who may read the report; never public. `GET /desk/pictures/{id}` answers it, `/desk/pictures/{id}/thumbnail` in small: WebP both.',
})
export class PictureType implements Omit<PictureView, 'by'> {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => Int, { description: 'Its width in pixels, at most 2,048.' })
  width!: number;
  @Field(() => Int, { description: 'Its height in pixels, at most 2,048.' })
  height!: number;
  @Field(() => String, {
    description: 'The SHA-256 of the file as it was sent, in hexadecimal. The file itself is not kept.',
  })
  sha256!: string;
  @Field(() => DateTimeScalar, { description: 'When the hub received it.' })
  receivedAt!: string;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When it was taken, by the word of its file alone, which anybody can write; null where it says nothing.',
  })
  takenAt!: string | null;
  @Field(() => GeoJSONScalar, {
    nullable: true,
    description: 'The Point where it was taken, by the word of its file alone; null where it says nothing.',
  })
  point!: ReportView['point'];
  @Field(() => Boolean, { description: 'Whether parts of it were made unrecognisable.' })
  veiled!: boolean;
  @Field(() => AccountType, { name: 'broughtBy', description: 'The person or machine that brought it.' })
  by!: AccountType;
}

@ObjectType('PictureTwin', { description: 'A picture of another report that may show the same.' })
export class PictureTwinType implements Omit<PictureTwin, 'report'> {
  @Field(() => ID, { name: 'pictureId', description: 'The id of that picture.' })
  picture!: string;
  @Field(() => Boolean, {
    description: 'True where it came as the very same file; false where it looks like this one: perhaps the same.',
  })
  sameFile!: boolean;
}

@InputType('PictureBoxInput', {
  description: 'A part of a picture, in pixels of what `GET /desk/pictures/{id}` answers, from its upper left corner.',
})
export class PictureBoxInput implements PictureBox {
  @Field(() => Int, { description: 'How far its left edge is from that of the picture.' })
  x!: number;
  @Field(() => Int, { description: 'How far its upper edge is from that of the picture.' })
  y!: number;
  @Field(() => Int, { description: 'Its width, at least 1.' })
  width!: number;
  @Field(() => Int, { description: 'Its height, at least 1.' })
  height!: number;
}
