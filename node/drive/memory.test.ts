import { driveContract } from '../../tests/contracts/drive.ts'
import { thumbnailStoreContract } from '../../tests/contracts/thumbnail-store.ts'
import { createMemoryDrive, createMemoryThumbnails } from './index.ts'

driveContract('memory', async () => {
  let full = false
  const drive = createMemoryDrive({ hasRoom: () => !full })
  return { drive, setFull: to => (full = to), close: () => drive.close() }
})

thumbnailStoreContract('memory', async () => createMemoryThumbnails())
