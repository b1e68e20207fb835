import { constants, existsSync } from 'node:fs'
import { access, mkdir, realpath } from 'node:fs/promises'
import { availableParallelism, hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { HomerollError } from '../../shared/errors/index.ts'
import { createCatalogue } from '../catalogue/index.ts'
import type { NodeOptions, RunningNode } from '../cli/index.ts'
import { openHyperdrive, openThumbnails } from '../drive/index.ts'
import { createHttp } from '../http/index.ts'
import { openIdentity } from '../identity/index.ts'
import { openIndex } from '../index/index.ts'
import { createImporter, createIntake, openLedger, openUploads, openWatchedFolders } from '../ingest/index.ts'
import { createRenditionQueue } from '../jobs/index.ts'
import { openCorestore, openLogs, packFrames } from '../log/index.ts'
import { createMedia, FACTS_VERSION, RENDITION_VERSION } from '../media/index.ts'
import {
  combineOriginals,
  createHasher,
  createSourceJournal,
  openInPlaceOriginals,
  openLocations,
  openPlainOriginals,
} from '../originals/index.ts'
import { lockDataFolder } from '../platform/index.ts'
import { createBackground } from './background.ts'
import { hostNamesFor } from './host-names.ts'
import { createNodeEvents } from './node-events.ts'
import { readNodeFile, removeNodeFile, writeNodeFile } from './node-file.ts'
import { originalsFolderOf } from './originals-folder.ts'
import { createRecall } from './recall.ts'
import { markRecovery } from './recovery-mark.ts'
import { adoptOrphans, createRefill, missingJobs, refillAll } from './recovery.ts'
import { createServices } from './services.ts'
import { readStatus } from './status.ts'

const NO_EXIFTOOL = 'exiftool-missing'

export interface OpenNodeOptions extends NodeOptions {
  version: string
  /** The app's built files. */
  appDir: string
  /** Wall clock in milliseconds. */
  now?: () => number
}

/** Things opened so far, closed in reverse when opening fails or the node ends. */
function createClosing() {
  const steps: (() => unknown)[] = []
  return {
    add: (step: () => unknown) => void steps.push(step),
    async run(): Promise<void> {
      let fault: unknown
      for (const step of steps.splice(0).reverse()) {
        try {
          await step()
        } catch (thrown) {
          fault ??= thrown
        }
      }
      if (fault instanceof Error) throw fault
    },
  }
}

/** Opens every room on a data folder and wires them into one node. */
export async function openNode(options: OpenNodeOptions): Promise<RunningNode> {
  const closing = createClosing()
  try {
    return await wire(options, closing)
  } catch (thrown) {
    await closing.run().catch(() => undefined)
    throw thrown
  }
}

async function wire(options: OpenNodeOptions, closing: ReturnType<typeof createClosing>): Promise<RunningNode> {
  const now = options.now ?? Date.now
  const dataDir = resolve(options.dataDir)
  await makeDataFolder(dataDir)
  const lock = lockDataFolder(dataDir)
  closing.add(() => lock.release())
  // A node that ended well removes its file: one that is still there was killed.
  const killed = (await readNodeFile(dataDir)) !== null
  const { folder: originalsDir, remember } = await originalsFolderOf(dataDir, options.originalsDir)

  const storeDir = join(dataDir, 'store')
  const identity = await openIdentity(dataDir, { create: !existsSync(storeDir) })
  const device = identity.deviceId
  const corestore = await openCorestore(storeDir, identity)
  closing.add(() => corestore.close())
  const logs = await openLogs(corestore, identity)
  const drive = await openHyperdrive(corestore, identity)
  closing.add(() => drive.close())
  const thumbnails = openThumbnails(join(dataDir, 'thumbnails.sqlite'))
  closing.add(() => thumbnails.close())

  const hasher = createHasher()
  closing.add(() => hasher.close())
  const locations = await openLocations(join(dataDir, 'originals.sqlite'))
  closing.add(() => locations.close())
  const recovery = await markRecovery(dataDir, locations.state !== 'existing' ? 'rescan' : killed ? 'adopt' : null)
  // From here on the mark says it; the next node writes its own.
  await removeNodeFile(dataDir)
  closing.add(() => removeNodeFile(dataDir))
  const copies = await openPlainOriginals({ folder: originalsDir, locations, hasher })
  closing.add(() => copies.close())
  await remember()
  const references = openInPlaceOriginals({ locations, hasher })
  closing.add(() => references.close())
  const originals = combineOriginals([copies, references])
  const journal = createSourceJournal(locations)

  const index = await openIndex({
    file: join(dataDir, 'index.sqlite'),
    ownDevice: device,
    renditionVersion: RENDITION_VERSION,
    factsVersion: FACTS_VERSION,
  })
  closing.add(() => index.close())
  const catalogue = createCatalogue({ logs, projection: index, pack: packFrames, now })
  closing.add(() => catalogue.close())
  await catalogue.catchUp()

  const media = await createMedia()
  closing.add(() => media.close())
  const commit = catalogue.commit.bind(catalogue)
  const known = async (sha256: string) => (await index.bySha256s([sha256]))[0] ?? null
  const held = (sha256: Uint8Array) => originals.has(sha256)

  const jobs = createRenditionQueue({
    media,
    drive,
    device,
    thumbnails,
    pathOf: sha256 => originals.pathOf(sha256),
    commit,
    missing: (limit, after) =>
      missingJobs(
        index,
        limit,
        after,
        media.warnings().every(({ code }) => code !== NO_EXIFTOOL),
      ),
    width: availableParallelism() + 1,
  })
  closing.add(() => jobs.close())

  const ledger = openLedger(join(dataDir, 'imports.sqlite'))
  closing.add(() => ledger.close())
  const intake = createIntake({
    media,
    hash: (path, signal) => hasher.hashFile(path, signal ? { signal } : {}),
    thumbnails,
    held,
    known,
    referredTo: path => references.knownAt(path)?.sha256 ?? null,
    commit,
    onNew: asset => jobs.add({ ...asset, lacks: 'renditions', urgent: true }),
  })
  const avoid = await Promise.all([dataDir, originalsDir].map(path => realpath(path)))
  const importer = createImporter({
    ledger,
    intake,
    copies,
    references,
    avoid,
    now,
    states: ids => index.assets(ids),
    recall: createRecall({ references, journal, held, bySha256s: sha256s => index.bySha256s(sha256s) }),
    remember: (file, sha256) => journal.remember(file.path, file.bytes, file.modifiedMs, sha256),
  })
  const uploads = await openUploads(join(originalsDir, '.uploads'), intake, copies)
  closing.add(() => uploads.close())
  const watched = await openWatchedFolders({
    file: join(dataDir, 'watched.json'),
    importer,
    ledger,
    async *references(path) {
      const known = references.knownAt(path)
      if (known) yield known.sha256
      for await (const reference of references.listUnder(path)) yield reference.sha256
    },
    held,
    commit,
    avoid,
    onReturned: () => void jobs.resume(),
  })
  closing.add(() => Promise.all([watched.close(), importer.close()]))

  const status = () =>
    readStatus({
      version: options.version,
      dataDir,
      identity,
      defaultName: hostname(),
      index,
      jobs,
      media,
      newestStamp: () => index.newestStamp(),
      now,
    })
  const events = createNodeEvents(status)
  closing.add(() => events.close())
  closing.add(
    jobs.onDone((asset, outcome) => {
      importer.rendered(asset, outcome.outcome === 'damaged' ? outcome : null)
      events.statusChanged()
    }),
  )
  closing.add(
    catalogue.onChanges(changes => {
      events.changed(changes)
      events.statusChanged()
    }),
  )
  closing.add(importer.onProgress(progress => events.emit({ type: 'import', progress })))

  const background = createBackground()
  closing.add(() => background.close())
  const services = createServices({
    dataDir,
    originalsDir,
    identity,
    catalogue,
    index,
    drive,
    thumbnails,
    originals,
    stores: [copies, references],
    hasher,
    importer,
    uploads,
    watched,
    jobs,
    absences: ledger.absences,
    events,
    status,
    refill: createRefill(
      index,
      drive,
      thumbnails,
      device,
      asset => events.changed({ assets: [asset], buckets: [] }),
      RENDITION_VERSION,
    ),
    busy: () => background.busy(),
  })
  if (options.name !== undefined && (await index.names()).device[device] !== options.name) {
    await commit([{ kind: 'name.set', of: 'device', id: device, name: options.name }])
  }
  const http = await createHttp({
    services,
    dataDir,
    appDir: options.appDir,
    port: options.port,
    version: options.version,
    hostNames: hostNamesFor(options.host),
    ...(options.host === undefined ? {} : { host: options.host }),
  })
  closing.add(() => http.close())

  background.run(async signal => {
    if (recovery.needed === 'rescan') await copies.rescan({ signal })
    if (recovery.needed !== null) {
      await adoptOrphans(copies, false, index, intake, signal)
      await adoptOrphans(references, true, index, intake, signal)
      await recovery.done()
    }
    await jobs.resume()
  })
  background.run(async signal => {
    await refillAll(index, drive, thumbnails, device, signal)
  })
  importer.resumeAll()
  await writeNodeFile(dataDir, { pid: process.pid, apiUrl: http.apiUrl })

  return {
    url: http.url,
    apiUrl: http.apiUrl,
    deviceId: device,
    launchUrl: () => http.launchUrl(),
    close: () => closing.run(),
  }
}

async function makeDataFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await access(dataDir, constants.W_OK)
  } catch (cause) {
    const message = `${dataDir} cannot be written: choose another folder with --data, or let this user write there`
    throw new HomerollError('data-folder-unwritable', message, { cause })
  }
}
