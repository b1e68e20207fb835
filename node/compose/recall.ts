import { assetIdOf, toHex } from '../../shared/ids/index.ts'
import type { KnownOriginal } from '../index/index.ts'
import type { IntakeOutcome } from '../ingest/index.ts'
import type { InPlaceOriginals, SourceJournal } from '../originals/index.ts'

export interface RecallParts {
  references: Pick<InPlaceOriginals, 'knownAt'>
  journal: Pick<SourceJournal, 'lookup'>
  held(sha256: Uint8Array): Promise<boolean>
  bySha256s(sha256s: string[]): Promise<(KnownOriginal | null)[]>
}

interface SeenFile {
  path: string
  bytes: number
  modifiedMs: number
}

/**
 * Tells what files hold without reading them: those that have the size and time that they had when they were read last,
 * and whose content is still held. Null for all others, for what is damaged (so that its reason is told again), and for
 * what the family believes is missing here (so that it hears otherwise).
 */
export function createRecall(parts: RecallParts) {
  return async (files: SeenFile[], inPlace: boolean): Promise<(IntakeOutcome | null)[]> => {
    const contents = await Promise.all(files.map(file => (inPlace ? referred(file) : copied(file))))
    const asked = contents.filter(sha256 => sha256 !== null)
    const known = asked.length === 0 ? [] : await parts.bySha256s(asked.map(toHex))
    let at = 0
    return contents.map(sha256 => {
      const asset = sha256 && known[at++]
      if (!sha256 || !asset || asset.state === 'damaged' || !asset.held) return null
      return { outcome: 'duplicate', asset: assetIdOf(sha256), sha256 }
    })
  }

  /** The file was just seen as it was recorded: it holds its content itself. */
  async function referred({ path, bytes, modifiedMs }: SeenFile): Promise<Uint8Array | null> {
    const before = parts.references.knownAt(path)
    return before?.bytes === bytes && before.modifiedMs === modifiedMs ? before.sha256 : null
  }

  async function copied({ path, bytes, modifiedMs }: SeenFile): Promise<Uint8Array | null> {
    const sha256 = parts.journal.lookup(path, bytes, modifiedMs)
    return sha256 && (await parts.held(sha256)) ? sha256 : null
  }
}
