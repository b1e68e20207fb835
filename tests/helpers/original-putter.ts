import { writeFileSync, writeSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesOf, expectedOf } from '../contracts/original-store.ts'
import { openPlain } from './original-stores.ts'

/**
 * Run as `original-putter.ts FOLDER FIRST`: puts originals FIRST, FIRST + 1, ... four at a time until it is killed, and
 * says `opened`, then the number of each that was acknowledged, a line each. Every third is a file to be consumed.
 */
export function numberedOriginal(number: number): Buffer {
  return bytesOf(`original ${number}`, 20_000 + (number % 7) * 90_000)
}

const [folder, first] = process.argv.slice(2)
if (import.meta.main && folder !== undefined) {
  const { store } = await openPlain(folder)
  const sources = join(folder, 'sources')
  await mkdir(sources, { recursive: true })
  writeSync(1, 'opened\n')
  let next = Number(first)
  const loop = async () => {
    for (;;) {
      const number = next++
      const bytes = numberedOriginal(number)
      const path = join(sources, `${number % 12}`)
      writeFileSync(path, bytes)
      // Few names, so that collisions are part of it.
      const placing = { fileName: `IMG_${number % 3}.jpg`, takenAt: `2024-0${1 + (number % 2)}-01T00:00:00` }
      const consume = number % 3 === 0
      const { outcome } = await store.put({ kind: 'file', path, consume }, expectedOf(bytes), placing)
      if (outcome !== 'mismatch') writeSync(1, `${number}\n`)
    }
  }
  await Promise.all([loop(), loop(), loop(), loop()])
}
