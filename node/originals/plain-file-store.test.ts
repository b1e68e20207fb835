import * as fs from 'node:fs/promises'
import { originalStoreContract } from '../../tests/contracts/original-store.ts'
import { openPlain } from '../../tests/helpers/original-stores.ts'

const kind = { persistent: true, copies: true, files: true }

originalStoreContract('plain-file store', { ...kind, open: openPlain })

originalStoreContract('plain-file store on a disk without hard links', {
  ...kind,
  open: folder =>
    openPlain(folder, {
      ...fs,
      link: async () => {
        throw Object.assign(new Error('operation not permitted'), { code: 'EPERM' })
      },
    }),
})

originalStoreContract('plain-file store on another disk than what it consumes', {
  ...kind,
  open: folder =>
    openPlain(folder, {
      ...fs,
      rename: async (from, to) => {
        if (!String(from).includes('.incoming')) throw Object.assign(new Error('other disk'), { code: 'EXDEV' })
        await fs.rename(from, to)
      },
    }),
})
