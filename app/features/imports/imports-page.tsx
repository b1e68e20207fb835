import FolderInput from 'lucide-solid/icons/folder-input'
import FolderSearch from 'lucide-solid/icons/folder-search'
import CloudOff from 'lucide-solid/icons/cloud-off'
import { type Component, createSignal, For, onMount, Show } from 'solid-js'
import { reasonOf } from '../../data/api.ts'
import { listFolder } from '../../data/folders.ts'
import { allImports, importsFailure, loadImports, startImport } from '../../data/imports.ts'
import { notify } from '../../data/notices.ts'
import { t } from '../../i18n/index.ts'
import { Button } from '../../ui/button/button.tsx'
import { EmptyState } from '../../ui/empty-state/empty-state.tsx'
import { Choice } from '../../ui/choice/choice.tsx'
import { FolderPicker } from '../../ui/folder-picker/folder-picker.tsx'
import { Page } from '../../ui/page/page.tsx'
import { Spinner } from '../../ui/spinner/spinner.tsx'
import { ImportCard } from './import-card.tsx'

/** What is being taken in, and what was. */
export const ImportsPage: Component = () => {
  const [choosing, setChoosing] = createSignal(false)
  const [keep, setKeep] = createSignal<'inPlace' | 'copy'>('inPlace')
  onMount(() => void loadImports())
  const start = (path: string): void => {
    startImport([path], keep() === 'inPlace').catch((error: unknown) =>
      notify({ text: t('setup.folder.failed', { path, reason: reasonOf(error) }), tone: 'bad' }),
    )
  }
  const startButton = (): ReturnType<typeof Button> => (
    <Button onClick={() => setChoosing(true)}>
      <FolderInput size={18} />
      {t('imports.start')}
    </Button>
  )
  return (
    <Page title={t('imports.title')} action={(allImports()?.length ?? 0) > 0 ? startButton() : undefined}>
      <Show when={allImports() === null}>
        <Show when={importsFailure()} fallback={<Spinner label={t('imports.title')} />}>
          {reason => (
            <EmptyState
              alert
              icon={<CloudOff size={36} strokeWidth={1.5} />}
              title={t('imports.failed.title')}
              text={reason()}
            >
              <Button onClick={() => void loadImports()}>{t('action.retry')}</Button>
            </EmptyState>
          )}
        </Show>
      </Show>
      <Show when={allImports()?.length === 0}>
        <EmptyState
          icon={<FolderSearch size={36} strokeWidth={1.5} />}
          title={t('imports.empty.title')}
          text={t('imports.empty.text')}
        >
          {startButton()}
        </EmptyState>
      </Show>
      <For each={(allImports() ?? []).map(one => one.id)}>
        {id => (
          <Show when={allImports()?.find(one => one.id === id)}>
            {progress => <ImportCard progress={progress()} />}
          </Show>
        )}
      </For>
      <FolderPicker
        open={choosing()}
        onClose={() => setChoosing(false)}
        onChoose={start}
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
    </Page>
  )
}
