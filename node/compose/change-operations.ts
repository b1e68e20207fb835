import { HomerollError } from '../../shared/errors/index.ts'
import type { AssetChange, Operation } from '../../shared/schema/index.ts'
import type { AssetIndex } from '../index/index.ts'

/** The operations that a person's change amounts to; assets that do not exist are left out and named. */
export async function changeOperations(
  change: AssetChange,
  index: Pick<AssetIndex, 'unknownIds' | 'tagAdditions'>,
): Promise<{ operations: Operation[]; changed: number; unknown: string[] }> {
  const unknown = await index.unknownIds(change.ids)
  const missing = new Set(unknown)
  const ids = [...new Set(change.ids)].filter(id => !missing.has(id))
  const operations: Operation[] = []
  for (const [field, value] of Object.entries(change.set ?? {})) {
    if (value === undefined) continue
    for (const asset of ids) {
      operations.push({ kind: 'asset.set', asset, change: { field, value } } as Operation)
    }
  }
  for (const tag of tidyTags(change.addTags)) {
    for (const asset of ids) operations.push({ kind: 'tag.added', asset, tag })
  }
  for (const tag of tidyTags(change.removeTags)) {
    const additions = await index.tagAdditions(ids, tag)
    for (const asset of ids) {
      const seen = additions[asset] ?? []
      if (seen.length > 0) operations.push({ kind: 'tag.removed', asset, tag, seen })
    }
  }
  return { operations, changed: ids.length, unknown }
}

function tidyTags(tags: string[] | undefined): string[] {
  return [...new Set((tags ?? []).map(tidyTag))]
}

function tidyTag(tag: string): string {
  const tidy = tag.normalize('NFC').trim()
  if (tidy.length >= 1 && tidy.length <= 256) return tidy
  throw new HomerollError('bad-tag', 'a tag has between 1 and 256 characters', { status: 400 })
}
