import { type Component, createSignal } from 'solid-js'
import { ApiFault, reasonOf } from '../../data/api.ts'
import { signIn } from '../../data/session.ts'
import { t } from '../../i18n/index.ts'
import { Button } from '../../ui/button/button.tsx'
import { TextField } from '../../ui/text-field/text-field.tsx'
import css from './sign-in.module.css'

const COMMAND = 'npm run -s homeroll -- open'

/** What a page without a session shows: how to get one. */
export const SignIn: Component = () => {
  const [token, setToken] = createSignal('')
  const [failure, setFailure] = createSignal<string | null>(null)
  const [busy, setBusy] = createSignal(false)
  const submit = async (): Promise<void> => {
    setBusy(true)
    setFailure(null)
    try {
      await signIn(token())
    } catch (error) {
      setFailure(error instanceof ApiFault && error.status === 401 ? t('signin.wrong') : reasonOf(error))
    }
    setBusy(false)
  }
  return (
    <main class={css.page}>
      <form
        class={css.card}
        onSubmit={event => {
          event.preventDefault()
          if (token().trim() !== '') void submit()
        }}
      >
        <img src="/icon.svg" alt="" width="56" height="56" />
        <h1 class={css.title}>{t('signin.title')}</h1>
        <p class={css.text}>{t('signin.text')}</p>
        <code class={css.command} tabIndex={0}>
          {COMMAND}
        </code>
        <p class={css.text}>{t('signin.or')}</p>
        <TextField
          label={t('signin.label')}
          type="password"
          autocomplete="off"
          value={token()}
          onChange={setToken}
          error={failure()}
        />
        <Button tone="primary" type="submit" disabled={busy() || token().trim() === ''}>
          {t('signin.button')}
        </Button>
      </form>
    </main>
  )
}
