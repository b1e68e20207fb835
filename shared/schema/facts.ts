import Type, { type Static } from 'typebox'

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Text = (maxLength: number) => Type.String({ maxLength })

/** Local date-time to the millisecond at most, without zone: `2024-07-31T18:05:12.250`. */
export const LocalDateTime = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,3})?$',
  maxLength: 23,
})

/**
 * What a file says about itself. Unknown is null. Widths and heights are as displayed, after orientation.
 * Sources in order of authority: exiftool, then exifr's first view, then the file's own times.
 */
export const Facts = Type.Object(
  {
    takenAt: LocalDateTime,
    /** Where `takenAt` is from: the metadata, or guessed from the file's modification time. */
    takenAtSource: Type.Union([Type.Literal('metadata'), Type.Literal('file')]),
    /** IANA name or offset (`+02:00`). */
    timeZone: Nullable(Text(64)),
    width: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    height: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    durationMs: Nullable(Type.Integer({ minimum: 0, maximum: 1e9 })),
    /** Degrees, WGS 84. */
    latitude: Nullable(Type.Number({ minimum: -90, maximum: 90 })),
    longitude: Nullable(Type.Number({ minimum: -180, maximum: 180 })),
    make: Nullable(Text(256)),
    model: Nullable(Text(256)),
    lens: Nullable(Text(256)),
    iso: Nullable(Type.Number({ minimum: 0, maximum: 1e9 })),
    fNumber: Nullable(Type.Number({ minimum: 0, maximum: 1e6 })),
    /** Exposure time as people write it: `1/250`, `2`. Seconds. */
    exposure: Nullable(Text(32)),
    focalLengthMm: Nullable(Type.Number({ minimum: 0, maximum: 1e6 })),
    /** 0 to 5. */
    rating: Nullable(Type.Integer({ minimum: 0, maximum: 5 })),
    description: Nullable(Text(8192)),
    /** Keywords found in the file. */
    keywords: Type.Array(Text(256), { maxItems: 256 }),
    /** EXIF orientation of the original, 1 to 8; 1 where there is none. */
    orientation: Type.Integer({ minimum: 1, maximum: 8 }),
  },
  { additionalProperties: false },
)
export type Facts = Static<typeof Facts>
