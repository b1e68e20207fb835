import { type Component, createEffect, createSignal, Match, on, Switch } from 'solid-js'
import { reasonOf } from '../../data/api.ts'
import { addWatch } from '../../data/folders.ts'
import { startImport } from '../../data/imports.ts'
import { notify } from '../../data/notices.ts'
import { setUp } from '../../data/setup.ts'
import { t } from '../../i18n/index.ts'
import { FoldersCard } from './folders-card.tsx'
import { NameCard } from './name-card.tsx'
import css from './setup.module.css'

const STEPS = 3

/** The cards of the first run: the family, the device, the folders. */
export const Setup: Component<{ suggestedDevice: string }> = props => {
  const [step, setStep] = createSignal(1)
  const [family, setFamily] = createSignal('')
  const [member, setMember] = createSignal('')
  // A suggestion to begin with; what is typed stays.
  // eslint-disable-next-line solid/reactivity
  const [device, setDevice] = createSignal(props.suggestedDevice)
  const [busy, setBusy] = createSignal(false)
  const [failure, setFailure] = createSignal<string | null>(null)
  let main!: HTMLElement

  createEffect(
    on(
      step,
      () => (main.querySelector<HTMLElement>('input[type=text]') ?? main.querySelector<HTMLElement>('h2'))?.focus(),
      { defer: true },
    ),
  )

  const finish = async (folders: string[], inPlace: boolean, watch: boolean): Promise<void> => {
    setBusy(true)
    setFailure(null)
    try {
      await setUp({
        spaceName: family().trim(),
        deviceName: device().trim(),
        ...(member().trim() === '' ? {} : { memberName: member().trim() }),
      })
    } catch (error) {
      setFailure(t('setup.failed', { reason: reasonOf(error) }))
      setBusy(false)
      return
    }
    // From here on the timeline is shown; a folder that cannot be taken in is told there.
    const begin = async (path: string, action: () => Promise<void>): Promise<void> => {
      try {
        await action()
      } catch (error) {
        notify({ text: t('setup.folder.failed', { path, reason: reasonOf(error) }), tone: 'bad' })
      }
    }
    if (folders.length > 0) await begin(folders.join(', '), () => startImport(folders, inPlace))
    if (watch) for (const path of folders) await begin(path, () => addWatch(path, !inPlace))
  }

  return (
    <main class={css.setup} ref={main}>
      <header class={css.brand}>
        <img src="/icon.svg" alt="" width="56" height="56" />
        <h1>{t('setup.title')}</h1>
        <p class={css.intro}>{t('setup.intro')}</p>
      </header>
      <Switch>
        <Match when={step() === 1}>
          <NameCard
            step={1}
            steps={STEPS}
            title={t('setup.family.title')}
            text={t('setup.family.text')}
            fields={[
              {
                label: t('setup.family.label'),
                placeholder: t('setup.family.placeholder'),
                value: family(),
                onChange: setFamily,
                required: true,
              },
              {
                label: t('setup.member.label'),
                placeholder: '',
                value: member(),
                onChange: setMember,
                required: false,
              },
            ]}
            onNext={() => setStep(2)}
          />
        </Match>
        <Match when={step() === 2}>
          <NameCard
            step={2}
            steps={STEPS}
            title={t('setup.device.title')}
            text={t('setup.device.text')}
            fields={[
              {
                label: t('setup.device.label'),
                placeholder: t('setup.device.placeholder'),
                value: device(),
                onChange: setDevice,
                required: true,
              },
            ]}
            onBack={() => setStep(1)}
            onNext={() => setStep(3)}
          />
        </Match>
        <Match when={step() === 3}>
          <FoldersCard
            step={3}
            steps={STEPS}
            busy={busy()}
            failure={failure()}
            onBack={() => setStep(2)}
            onFinish={(folders, inPlace, watch) => void finish(folders, inPlace, watch)}
          />
        </Match>
      </Switch>
    </main>
  )
}
