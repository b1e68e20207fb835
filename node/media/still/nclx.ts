import { open } from 'node:fs/promises'
import type { Pixels } from './pixels.ts'

/** Colour by code points (ITU-T H.273), for pictures without a profile. */
interface Nclx {
  primaries: number
  transfer: number
}

const HEAD_BYTES = 64 * 1024
const PQ = 16
const HLG = 18
/** Light of a white page in HDR pictures (ITU-R BT.2408), and the peak of an HLG display. Candela a square metre. */
const WHITE_NITS = 203
const HLG_PEAK_NITS = 1000

/** The colour that an AVIF names by code points; null where it is plain sRGB, which needs nothing done. */
export async function readNclx(path: string): Promise<Nclx | null> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    const at = buffer.subarray(0, bytesRead).indexOf('colrnclx', 0, 'latin1')
    if (at < 0 || at + 12 > bytesRead) return null
    const nclx = { primaries: buffer.readUInt16BE(at + 8), transfer: buffer.readUInt16BE(at + 10) }
    return nclx.transfer === PQ || nclx.transfer === HLG || toSrgbPrimaries[nclx.primaries] ? nclx : null
  } finally {
    await file.close()
  }
}

/** Linear light in other primaries to sRGB's: BT.2020 and Display P3, both with a D65 white. Rows. */
const toSrgbPrimaries: Partial<Record<number, number[]>> = {
  9: [1.660491, -0.587641, -0.07285, -0.12455, 1.1329, -0.008349, -0.018151, -0.100579, 1.11873],
  12: [1.22494, -0.22494, 0, -0.042057, 1.042057, 0, -0.019638, -0.078636, 1.098274],
}
const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1]

/**
 * 16-bit pixels in other colours as 8-bit sRGB. Diffuse white stays white; brighter light is rolled off towards it, so
 * that highlights keep their drawing and the rest looks as it would on an HDR screen.
 */
export function hdrToSrgb(pixels: Pixels, { primaries, transfer }: Nclx): Pixels {
  const { data, width, height, channels } = pixels
  const wide = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
  const linear = Float32Array.from({ length: 65536 }, (_, code) => lightOf(code / 65535, transfer))
  const [rr = 1, rg = 0, rb = 0, gr = 0, gg = 1, gb = 0, br = 0, bg = 0, bb = 1] =
    toSrgbPrimaries[primaries] ?? identity
  const coded = Uint8Array.from({ length: 4097 }, (_, step) => Math.round(255 * srgbCode(step / 4096)))
  const out = new Uint8Array(wide.length)
  const at = (index: number) => linear[wide[index] ?? 0] ?? 0
  const code = (light: number) => coded[Math.round(4096 * Math.min(1, Math.max(0, light)))] ?? 0
  for (let i = 0; i < wide.length; i += channels) {
    const [r, g, b] = [at(i), at(i + 1), at(i + 2)]
    const red = rr * r + rg * g + rb * b
    const green = gr * r + gg * g + gb * b
    const blue = br * r + bg * g + bb * b
    const peak = Math.max(red, green, blue, 1e-6)
    const scale = rolledOff(peak) / peak
    out[i] = code(red * scale)
    out[i + 1] = code(green * scale)
    out[i + 2] = code(blue * scale)
    if (channels === 4) out[i + 3] = (wide[i + 3] ?? 0) >> 8
  }
  return { data: out, width, height, channels }
}

/** Light relative to diffuse white. */
function lightOf(code: number, transfer: number): number {
  if (transfer === PQ) return pqNits(code) / WHITE_NITS
  if (transfer === HLG) return (HLG_PEAK_NITS * hlgScene(code) ** 1.2) / WHITE_NITS
  return code <= 0.04045 ? code / 12.92 : ((code + 0.055) / 1.055) ** 2.4
}

/** SMPTE ST 2084. */
function pqNits(code: number): number {
  const power = code ** (1 / 78.84375)
  return 10000 * (Math.max(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125)
}

/** ITU-R BT.2100 hybrid log-gamma, to scene light 0..1. */
function hlgScene(code: number): number {
  return code <= 0.5 ? code ** 2 / 3 : (Math.exp((code - 0.55991073) / 0.17883277) + 0.28466892) / 12
}

/** The same up to a knee, then ever slower towards 1. */
function rolledOff(light: number): number {
  const knee = 0.7
  return light <= knee ? light : knee + (1 - knee) * (1 - Math.exp((knee - light) / (1 - knee)))
}

function srgbCode(light: number): number {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055
}
