import { hasText, textAt } from './bytes.ts'
import type { Peek } from './format.ts'
import { decidingBrand } from './iso-brands.ts'
import { rawName } from './tiff/raw-name.ts'
import { readTiff } from './tiff/tags.ts'

/** What is recognised but not taken in: its name for people. A format that becomes supported leaves this list. */
export async function unsupportedName(peek: Peek): Promise<string | null> {
  const { head } = peek
  const brand = decidingBrand(head)
  if (brand !== null) return brandName(brand)
  const fixed = signatures.find(([, offset, text]) => hasText(head, offset, text))
  if (fixed) return fixed[0]
  const directories = await readTiff(peek)
  if (directories) return rawName(directories, head)
  if (hasText(head, 0, 'BM') && hasText(head, 6, '\0\0\0\0')) return 'BMP'
  if (isTransportStream(head)) return 'MPEG transport stream (MTS)'
  return markupName(head)
}

/** Name, offset, bytes. */
const signatures: [string, number, string][] = [
  ['JPEG XL', 0, '\xff\x0a'],
  ['JPEG XL', 0, '\0\0\0\x0cJXL \r\n\x87\n'],
  ['JPEG 2000', 0, '\0\0\0\x0cjP  \r\n\x87\n'],
  ['JPEG 2000', 0, '\xff\x4f\xff\x51'],
  ['RAF', 0, 'FUJIFILMCCD-RAW'],
  ['ORF', 0, 'IIRO'],
  ['ORF', 0, 'IIRS'],
  ['ORF', 0, 'MMOR'],
  ['RW2', 0, 'IIU\0'],
  ['X3F', 0, 'FOVb'],
  ['MRW', 0, '\0MRM'],
  ['CRW', 6, 'HEAPCCDR'],
  ['AVI', 8, 'AVI '],
  ['WAV audio', 8, 'WAVE'],
  ['FLV', 0, 'FLV\x01'],
  ['WMV', 0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11'],
  ['MPEG program stream', 0, '\0\0\x01\xba'],
  ['Ogg', 0, 'OggS'],
  ['MP3 audio', 0, 'ID3'],
  ['FLAC audio', 0, 'fLaC'],
  ['PDF', 0, '%PDF-'],
  ['PSD', 0, '8BPS'],
  ['ICO', 0, '\0\0\x01\0'],
  ['OpenEXR', 0, '\x76\x2f\x31\x01'],
  ['Radiance HDR', 0, '#?RADIANCE'],
  ['ZIP', 0, 'PK\x03\x04'],
  ['QOI', 0, 'qoif'],
]

function brandName(brand: string): string | null {
  if (/^he[iv][cxms]$|^hev[cx]$|^mif[12]$|^msf1$|^miaf$/.test(brand)) return 'HEIC'
  if (brand === 'crx ') return 'CR3'
  if (/^M4[ABP] $/.test(brand)) return 'M4A audio'
  if (/^j(p2|px|pm) $|^jph $/.test(brand)) return 'JPEG 2000'
  return null
}

/** Packets of 188 bytes, or 192 with a time stamp in front (AVCHD), each with the same first byte. */
function isTransportStream(head: Uint8Array): boolean {
  const repeats = (first: number, step: number) => [0, 1, 2, 3, 4].every(packet => head[first + packet * step] === 0x47)
  return repeats(0, 188) || repeats(4, 192)
}

function markupName(head: Uint8Array): string | null {
  if (hasText(head, 0, '\x1a\x45\xdf\xa3')) return textAt(head, 0, 64).includes('webm') ? 'WebM' : 'MKV'
  const start = textAt(head, 0, 1024)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .toLowerCase()
  if (/^(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*(<!doctype svg[^>]*>\s*)?<svg[\s>]/.test(start)) return 'SVG'
  if (/^(<!--[\s\S]*?-->\s*)*(<!doctype html|<html|<head|<body|<script)/.test(start)) return 'HTML'
  return null
}
