import FolderPlus from 'lucide-solid/icons/folder-plus'
import X from 'lucide-solid/icons/x'
import { type Component, createResource, createSignal, For, onCleanup, Show } from 'solid-js'
import type { WatchedFolder } from '../../../shared/schema/api.ts'
import { reasonOf } from '../../data/api.ts'
import { addWatch, listFolder, listWatches, removeWatch } from '../../data/folders.ts'
import { notify } from '../../data/notices.ts'
import { t } from '../../i18n/index.ts'
import { Button } from '../../ui/button/button.tsx'
import { Card } from '../../ui/page/page.tsx'
import { Choice } from '../../ui/choice/choice.tsx'
import { FolderPicker } from '../../ui/folder-picker/folder-picker.tsx'
import { IconButton } from '../../ui/icon-button/icon-button.tsx'
import css from './device.module.css'

/** How often the folders are asked about, milliseconds: while one is looked through or away, and otherwise. */
const ASK_SOON = 2000
const ASK_LATER = 10_000

/** The folders whose new photos come in by themselves. */
export const WatchesCard: Component = () => {
  const [watches, { refetch }] = createResource(listWatches)
  const [choosing, setChoosing] = createSignal(false)
  const [keep, setKeep] = createSignal<'inPlace' | 'copy'>('inPlace')
  const known = (): WatchedFolder[] => (watches.error ? [] : (watches.latest ?? []))
  let asked = Date.now()
  const timer = setInterval(() => {
    const busy = known().some(watch => watch.state !== 'watching')
    if (document.hidden || Date.now() - asked < (busy ? 0 : ASK_LATER)) return
    asked = Date.now()
    void refetch()
  }, ASK_SOON)
  onCleanup(() => clearInterval(timer))

  const attempt = async (action: () => Promise<void>, done?: string): Promise<void> => {
    try {
      await action()
      if (done) notify({ text: done })
    } catch (error) {
      notify({ text: t('change.failed', { reason: reasonOf(error) }), tone: 'bad' })
    }
    await refetch()
  }
  const details = (watch: WatchedFolder): string =>
    [
      t('count.photos', { count: watch.assets }),
      watch.copy ? t('device.watches.copy') : t('device.watches.inPlace'),
      ...(watch.absent > 0 ? [t('device.watches.absent', { count: watch.absent })] : []),
    ].join(' · ')

  return (
    <Card
      title={t('device.watches')}
      text={t('device.watches.text')}
      action={
        <Button onClick={() => setChoosing(true)}>
          <FolderPlus size={18} />
          {t('device.watches.add')}
        </Button>
      }
    >
      <Show when={watches.error as unknown}>
        {error => (
          <p class={css.failure} role="alert">
            {reasonOf(error())}
          </p>
        )}
      </Show>
      <Show when={!watches.loading && !watches.error && known().length === 0}>
        <p class={css.soft}>{t('device.watches.empty')}</p>
      </Show>
      <ul class={css.watches}>
        <For each={known()}>
          {watch => (
            <li class={css.watch}>
              <div class={css.watchText}>
                <p class={css.path} dir="auto">
                  {watch.path}
                </p>
                <p class={css.soft}>{details(watch)}</p>
                <p class={css.state} data-state={watch.state}>
                  {t(`device.watches.${watch.state}`)}
                </p>
              </div>
              <IconButton
                label={t('device.watches.remove', { path: watch.path })}
                onClick={() => void attempt(() => removeWatch(watch.path), t('device.watches.removed'))}
              >
                <X size={18} />
              </IconButton>
            </li>
          )}
        </For>
      </ul>
      <FolderPicker
        open={choosing()}
        onClose={() => setChoosing(false)}
        onChoose={path => {
          const copy = keep() === 'copy'
          void attempt(() => addWatch(path, copy))
        }}
        list={listFolder}
        reasonOf={reasonOf}
      >
        <Choice
          row
          label={t('keep.label')}
          value={keep()}
          onChange={setKeep}
          options={[
            { value: 'inPlace', label: t('keep.inPlace') },
            { value: 'copy', label: t('keep.copy') },
          ]}
        />
      </FolderPicker>
    </Card>
  )
}
