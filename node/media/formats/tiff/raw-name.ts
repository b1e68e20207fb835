import { hasText } from '../bytes.ts'
import { type Directory, tag } from './tags.ts'

/** Pixels as the sensor gave them: one colour a pixel, or unfinished. */
const SENSOR_PHOTOMETRIC = new Set([32803, 34892])
/** Codings that only cameras write: Nikon, Sony, Pentax, Samsung, Kodak, Panasonic, Epson. */
const CAMERA_COMPRESSION = new Set([34713, 32767, 65535, 32770, 32772, 65000, 34316, 32769])

const nameOfMake: [RegExp, string][] = [
  [/nikon/i, 'NEF'],
  [/sony/i, 'ARW'],
  [/pentax|ricoh/i, 'PEF'],
  [/samsung/i, 'SRW'],
  [/hasselblad/i, '3FR'],
  [/kodak/i, 'DCR'],
  [/epson/i, 'ERF'],
  [/mamiya|leaf/i, 'MOS'],
  [/phase one/i, 'IIQ'],
  [/leica/i, 'RWL'],
  [/canon/i, 'CR2'],
]

/** What a TIFF that holds a camera's raw data is called (`DNG`, `NEF`, ...); null for a TIFF that is a picture. */
export function rawName(directories: Directory[], head: Uint8Array): string | null {
  if (directories.some(one => one.numbers.has(tag.dngVersion))) return 'DNG'
  if (hasText(head, 8, 'CR')) return 'CR2'
  const raw = directories.some(
    ({ numbers }) =>
      SENSOR_PHOTOMETRIC.has(numbers.get(tag.photometric)?.[0] ?? -1) ||
      CAMERA_COMPRESSION.has(numbers.get(tag.compression)?.[0] ?? -1),
  )
  if (!raw) return null
  const make = directories.map(one => one.texts.get(tag.make)).find(text => text) ?? ''
  return nameOfMake.find(([pattern]) => pattern.test(make))?.[1] ?? 'camera RAW'
}
