import { originalStoreContract } from '../../tests/contracts/original-store.ts'
import { openInPlace } from '../../tests/helpers/original-stores.ts'

originalStoreContract('in-place store', { persistent: true, copies: false, files: true, open: openInPlace })
