import { join } from 'node:path'
import {
  createHasher,
  openInPlaceOriginals,
  openLocations,
  openPlainOriginals,
  type Hasher,
  type InPlaceOriginals,
  type Locations,
  type PlainOriginals,
} from '../../node/originals/index.ts'

type PlainInit = Parameters<typeof openPlainOriginals>[0]

interface Opened<Store> {
  store: Store
  locations: Locations
  hasher: Hasher
  close: () => Promise<void>
}

/** A plain-file store in `folder/originals`, with a locations file and threads of its own. */
export function openPlain(folder: string, disk?: PlainInit['disk']): Promise<Opened<PlainOriginals>> {
  return withParts(folder, parts =>
    openPlainOriginals({ ...parts, folder: join(folder, 'originals'), ...(disk && { disk }) }),
  )
}

/** An in-place store whose locations file lies in `folder`. */
export function openInPlace(folder: string): Promise<Opened<InPlaceOriginals>> {
  return withParts(folder, async parts => openInPlaceOriginals(parts))
}

async function withParts<Store extends { close(): Promise<void> }>(
  folder: string,
  open: (parts: { locations: Locations; hasher: Hasher }) => Promise<Store>,
): Promise<Opened<Store>> {
  const hasher = createHasher({ threads: 2 })
  const locations = await openLocations(join(folder, 'originals.sqlite'))
  const closeParts = async () => {
    await locations.close()
    await hasher.close()
  }
  try {
    const store = await open({ locations, hasher })
    const close = async () => {
      await store.close()
      await closeParts()
    }
    return { store, locations, hasher, close }
  } catch (fault) {
    await closeParts()
    throw fault
  }
}
