import FolderIcon from 'lucide-solid/icons/folder'
import FolderPlus from 'lucide-solid/icons/folder-plus'
import X from 'lucide-solid/icons/x'
import { type Component, createSignal, For, Show } from 'solid-js'
import { reasonOf } from '../../data/api.ts'
import { listFolder } from '../../data/folders.ts'
import { t } from '../../i18n/index.ts'
import { Button } from '../../ui/button/button.tsx'
import { Choice } from '../../ui/choice/choice.tsx'
import { FolderPicker } from '../../ui/folder-picker/folder-picker.tsx'
import { IconButton } from '../../ui/icon-button/icon-button.tsx'
import css from './setup.module.css'

interface FoldersCardProps {
  step: number
  steps: number
  busy: boolean
  failure: string | null
  onBack: () => void
  onFinish: (folders: string[], inPlace: boolean, watch: boolean) => void
}

/** The card that asks where the photos are. */
export const FoldersCard: Component<FoldersCardProps> = props => {
  const [folders, setFolders] = createSignal<string[]>([])
  const [keep, setKeep] = createSignal<'inPlace' | 'copy'>('inPlace')
  const [watch, setWatch] = createSignal(true)
  const [choosing, setChoosing] = createSignal(false)
  return (
    <section class={css.card}>
      <p class={css.step}>{t('setup.step', { step: props.step, total: props.steps })}</p>
      <h2 class={css.title} tabIndex={-1}>
        {t('setup.folders.title')}
      </h2>
      <p class={css.text}>{t('setup.folders.text')}</p>
      <Show when={folders().length > 0}>
        <ul class={css.folders} aria-label={t('setup.folders.chosen')}>
          <For each={folders()}>
            {path => (
              <li class={css.folder}>
                <FolderIcon size={20} />
                <span class={css.path}>{path}</span>
                <IconButton
                  label={`${t('action.remove')} ${path}`}
                  onClick={() => setFolders(known => known.filter(one => one !== path))}
                >
                  <X size={18} />
                </IconButton>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <button type="button" class={css.choose} onClick={() => setChoosing(true)}>
        <FolderPlus size={22} />
        {folders().length === 0 ? t('setup.folders.choose') : t('setup.folders.another')}
      </button>
      <Show when={folders().length > 0}>
        <div class={css.fields}>
          <Choice
            label={t('keep.label')}
            value={keep()}
            onChange={setKeep}
            options={[
              { value: 'inPlace', label: t('keep.inPlace'), text: t('keep.inPlace.text') },
              { value: 'copy', label: t('keep.copy'), text: t('keep.copy.text') },
            ]}
          />
          <label class={css.check}>
            <input type="checkbox" checked={watch()} onChange={event => setWatch(event.currentTarget.checked)} />
            {t('setup.folders.watch')}
          </label>
        </div>
      </Show>
      <Show when={props.failure}>
        <p class={css.failure} role="alert">
          {props.failure}
        </p>
      </Show>
      <footer class={css.footer}>
        <Button tone="quiet" disabled={props.busy} onClick={() => props.onBack()}>
          {t('action.back')}
        </Button>
        <Show
          when={folders().length > 0}
          fallback={
            <Button class={css.next} disabled={props.busy} onClick={() => props.onFinish([], true, false)}>
              {t('setup.later')}
            </Button>
          }
        >
          <Button
            tone="primary"
            class={css.next}
            disabled={props.busy}
            onClick={() => props.onFinish(folders(), keep() === 'inPlace', watch())}
          >
            {t('setup.start', { count: folders().length })}
          </Button>
        </Show>
      </footer>
      <FolderPicker
        open={choosing()}
        onClose={() => setChoosing(false)}
        onChoose={path => setFolders(known => (known.includes(path) ? known : [...known, path]))}
        list={listFolder}
        reasonOf={reasonOf}
      />
    </section>
  )
}
