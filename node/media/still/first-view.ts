import exifr from 'exifr'
import { open } from 'node:fs/promises'
import { cleanFacts, type Said } from '../facts/clean.ts'
import { parseMoment, parseOffset } from '../facts/moment.ts'
import type { Source } from '../formats/format.ts'
import type { FirstView } from '../media.ts'
import { displayed, look } from './reduce.ts'
import { standInOf } from './stand-in.ts'

/** EXIF sits in the first 64 KiB of nearly every file, and never more of a file is read than this. */
const HEAD_BYTES = 256 * 1024

const options = {
  tiff: true,
  exif: true,
  gps: true,
  ifd1: false,
  interop: false,
  xmp: false,
  iptc: false,
  icc: false,
  jfif: false,
  ihdr: false,
  makerNote: false,
  userComment: false,
  translateValues: false,
  reviveValues: false,
  silentErrors: true,
}

/** What the EXIF block in the head of a picture says, and the small picture in it. A file that says nothing has none. */
export async function firstViewOfStill({ path, fileTime }: Source): Promise<FirstView> {
  const found = await look(path).catch(() => null)
  if (!found) return { facts: cleanFacts({}, fileTime), standIn: null }
  const exif = found.format === 'tiff' ? await readHead(path) : exifBlock(found.exif)
  const tags = exif === null ? {} : await readTags(exif)
  const size = displayed(found)
  const facts = cleanFacts({ ...saidBy(tags), ...size, orientation: found.orientation }, fileTime)
  return { facts, standIn: exif === null ? null : await standInOf(exif, found.orientation, size) }
}

/** The TIFF structure within an EXIF block. */
function exifBlock(exif: Buffer | null): Buffer | null {
  if (exif === null || exif.length > HEAD_BYTES) return null
  const block = exif.subarray(0, 6).toString('latin1') === 'Exif\0\0' ? exif.subarray(6) : exif
  return block.length > 16 ? block : null
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function readTags(exif: Buffer): Promise<Record<string, unknown>> {
  try {
    return ((await exifr.parse(exif, options)) as Record<string, unknown> | undefined) ?? {}
  } catch {
    // Broken metadata around a good picture: the authority may still make sense of it.
    return {}
  }
}

function saidBy(tags: Record<string, unknown>): Said {
  const original = parseMoment(tags['DateTimeOriginal'])
  const moment = original ?? parseMoment(tags['CreateDate'])
  const fraction = textOf(tags[original ? 'SubSecTimeOriginal' : 'SubSecTimeDigitized'])
  const said: Said = {
    latitude: tags['latitude'],
    longitude: tags['longitude'],
    make: tags['Make'],
    model: tags['Model'],
    lens: tags['LensModel'],
    iso: Array.isArray(tags['ISO']) ? (tags['ISO'] as unknown[])[0] : tags['ISO'],
    fNumber: tags['FNumber'],
    exposure: tags['ExposureTime'],
    focalLengthMm: tags['FocalLength'],
    description: tags['ImageDescription'],
  }
  if (moment) {
    said.takenAt = /^\d{1,9}$/.test(fraction) ? `${moment.local.slice(0, 19)}.${fraction.slice(0, 3)}` : moment.local
    said.timeZone =
      parseOffset(tags[original ? 'OffsetTimeOriginal' : 'OffsetTimeDigitized']) ?? parseOffset(tags['OffsetTime'])
  }
  return said
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).replaceAll('\0', '').trim() : ''
}
