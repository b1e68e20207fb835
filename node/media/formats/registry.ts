import { avif } from './avif/index.ts'
import type { Format } from './format.ts'
import { gif } from './gif/index.ts'
import { jpeg } from './jpeg/index.ts'
import { mp4 } from './mp4/index.ts'
import { png } from './png/index.ts'
import { tiff } from './tiff/index.ts'
import { webp } from './webp/index.ts'

/** Every format that is taken in, the most frequent first. */
export const formats: readonly Format[] = [jpeg, mp4, png, webp, gif, avif, tiff]

/** The registered format of a key; null for one that this version does not know. */
export function formatOf(key: string): Format | null {
  return formats.find(format => format.key === key) ?? null
}
